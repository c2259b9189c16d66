import type { Task } from '@taskflow/contract/tasks';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useProjectScope } from '../project-scope.ts';
import { matchingIdsQuery, projectTasksQuery } from '../queries/tasks.ts';
import { useNow } from '../use-now.ts';
import { useWorkspaceScope } from '../workspace-scope.ts';
import { isFiltered, matchesFilter, type ViewSearch } from './filter.ts';
import { useWithPending } from './pending-changes.ts';

/** The tasks of a project as its views show them. */
export interface ViewTasks {
  /** Those that pass the filter; undefined until the first page is there. */
  readonly tasks: readonly Task[] | undefined;
  /** How many there are without the filter. */
  readonly total: number;
  /** Whether every page has been read. */
  readonly complete: boolean;
  readonly filtered: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

const none: readonly Task[] = [];

/** What the address says about the view of a project. */
export const useViewSearch = (): ViewSearch => useSearch({ from: '/signed-in/w/$workspace/p/$key' });

/** Every task of the project in view that passes the filter in the address, with unanswered changes on top. */
export function useViewTasks(): ViewTasks {
  const { project } = useProjectScope();
  const { me } = useWorkspaceScope();
  const search = useViewSearch();
  const now = useNow();
  const list = useQuery(projectTasksQuery(project.id));
  const matching = useQuery(matchingIdsQuery(project.id, search.q ?? ''));
  const all = useWithPending(list.data?.items ?? none);
  const tasks = useMemo(() => {
    if (!isFiltered(search)) return all;
    const matchingIds = matching.data === undefined ? undefined : new Set(matching.data);
    return all.filter((task) => matchesFilter(task, search, { userId: me.id, now, matchingIds }));
  }, [all, search, matching.data, me.id, now]);
  const waiting = list.data === undefined || (search.q !== undefined && matching.isPending && matching.error === null);
  return {
    tasks: waiting ? undefined : tasks,
    total: all.length,
    complete: list.data?.complete ?? false,
    filtered: isFiltered(search),
    error: list.data === undefined ? list.error : matching.error,
    retry: () => void (list.error === null ? matching.refetch() : list.refetch()),
  };
}
