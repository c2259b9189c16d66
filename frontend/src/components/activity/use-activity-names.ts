import { useQueries } from '@tanstack/react-query';
import { t } from '../../lib/messages/translate.ts';
import { statusesQuery } from '../../lib/queries/projects.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import type { ActivityNames } from './describe.ts';

/** The names that activities of some projects need. */
export function useActivityNames(projectIds: readonly string[]): ActivityNames {
  const { memberById } = useWorkspaceScope();
  const now = useNow();
  const lists = useQueries({ queries: [...new Set(projectIds)].map((projectId) => statusesQuery(projectId)) });
  const statuses = new Map(lists.flatMap(({ data }) => (data ?? []).map((status) => [status.id, status.name])));
  return {
    person: (userId) => memberById.get(userId)?.name ?? t('common.unknownPerson'),
    status: (statusId) => statuses.get(statusId),
    now,
  };
}
