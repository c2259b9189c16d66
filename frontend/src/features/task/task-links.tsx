import { ActionIcon } from '@mantine/core';
import type { Task, TaskLink as Link, TaskLinkType } from '@taskflow/contract/tasks';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { MouseEvent } from 'react';
import { openPicker } from '../../components/picker/picker-store.ts';
import { StatusIcon } from '../../components/task/status-icon.tsx';
import { TaskLink } from '../../components/task/task-link.tsx';
import { call } from '../../lib/api/client.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyProblem } from '../../lib/notify.ts';
import { linksQuery } from '../../lib/queries/discussion.ts';
import { projectTasksQuery } from '../../lib/queries/tasks.ts';
import { isClosed } from '../../lib/tasks/filter.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './task-panel.module.css';

const linkTypes: readonly TaskLinkType[] = ['blocks', 'relates', 'duplicates'];

const categoryColors: Record<Task['category'], string> = {
  backlog: 'var(--text-3)',
  unstarted: 'var(--text-2)',
  started: 'var(--priority-high)',
  completed: 'var(--good)',
  canceled: 'var(--text-3)',
};

/** How a task relates to others: what it blocks, duplicates or has to do with. */
export function TaskLinks({ task }: { readonly task: Task }) {
  const { canWrite } = useWorkspaceScope();
  const client = useQueryClient();
  const links = useQuery(linksQuery(task.id)).data ?? [];
  const reread = () => client.invalidateQueries({ queryKey: ['links'] });
  const remove = useMutation({
    mutationFn: (link: Link) => call('DELETE /tasks/{id}/links/{linkId}', { params: { id: task.id, linkId: link.id } }),
    onSuccess: reread,
    onError: (error) => notifyProblem(t('problem.title'), error),
  });
  const addLink = useAddLink(task, reread);
  if (links.length === 0 && !canWrite) return null;
  return (
    <section aria-label={t('task.links')}>
      <div className={classes['sectionHead']}>
        <h2 className={classes['sectionName']}>{t('task.links')}</h2>
        {canWrite && (
          <ActionIcon variant="subtle" color="gray" aria-label={t('task.addLink')} onClick={addLink}>
            <IconPlus size={16} />
          </ActionIcon>
        )}
      </div>
      <ul>
        {links.map((link) => (
          <li key={link.id} className={classes['line']}>
            <span className={classes['lineKey']}>{t(`task.link.${link.type}.${link.direction}`)}</span>
            <StatusIcon category={link.task.category} color={categoryColors[link.task.category]} />
            <TaskLink taskKey={link.task.key} className={classes['lineTitle']}>
              <span data-done={isClosed(link.task) || undefined}>
                <span className={classes['lineKey']}>{link.task.key}</span> {link.task.title}
              </span>
            </TaskLink>
            {canWrite && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={t('task.removeLink', { key: link.task.key })}
                onClick={() => remove.mutate(link)}
              >
                <IconX size={14} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** First the kind of link, then the task of the same project. */
function useAddLink(task: Task, onAdded: () => Promise<unknown>) {
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: ({ type, taskId }: { type: TaskLinkType; taskId: string }) =>
      call('POST /tasks/{id}/links', { params: { id: task.id }, body: { type, taskId } }),
    onSuccess: onAdded,
    onError: (error) => notifyProblem(t('problem.title'), error),
  });
  const pickTask = async (anchor: HTMLElement, type: TaskLinkType) => {
    const { items } = await client.query({ ...projectTasksQuery(task.projectId), staleTime: 'static' });
    openPicker(anchor, {
      kind: 'one',
      label: t('task.linkTo'),
      options: items.filter(({ id }) => id !== task.id).map(({ id, key, title }) => ({ id, label: `${key} ${title}` })),
      onPick: (taskId) => add.mutate({ type, taskId }),
    });
  };
  return ({ currentTarget }: MouseEvent<HTMLElement>) =>
    openPicker(currentTarget, {
      kind: 'one',
      label: t('task.addLink'),
      options: linkTypes.map((type) => ({ id: type, label: t(`task.link.${type}.outgoing`) })),
      onPick: (id) => {
        const type = linkTypes.find((other) => other === id);
        if (type === undefined) return;
        pickTask(currentTarget, type).catch((error: unknown) => notifyProblem(t('problem.title'), error));
      },
    });
}
