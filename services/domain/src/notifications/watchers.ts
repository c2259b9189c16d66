import { type Executor, one, type Sql, sql } from '@taskflow/db';
import type { TaskAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';

/**
 * People (`user_id`) who watch a task: its author, those whom it is assigned to, who commented and who was mentioned,
 * but for those who said otherwise, and whoever asked for it. Whether they still see the task is another question.
 */
export const watchersOf = (taskId: Sql): Sql => sql`
  select candidate.user_id from (
    select t.created_by as user_id from tasks t where t.id = ${taskId}
    union
    select a.user_id from task_assignees a where a.task_id = ${taskId}
    union
    select involved.user_id
    from comments c cross join lateral unnest(c.mention_ids || c.author_id) involved (user_id)
    where c.task_id = ${taskId} and c.deleted_at is null
    union
    select k.user_id from watchers k where k.task_id = ${taskId} and k.is_watching
  ) candidate
  where not exists (
    select from watchers k where k.task_id = ${taskId} and k.user_id = candidate.user_id and not k.is_watching
  )`;

/** Who watches a task. */
export interface WatchService {
  isWatching(access: TaskAccess): Promise<boolean>;
  /** From now on the person watches the task, or does not, whatever they have to do with it. */
  set(unit: UnitOfWork, access: TaskAccess, isWatching: boolean): Promise<void>;
}

/** Reads run on `executor`. */
export function createWatchService({ executor }: { executor: Executor }): WatchService {
  return {
    async isWatching({ caller, task }) {
      const { watching } = await one<{ watching: boolean }>(
        executor,
        sql`
          select exists (
            select from (${watchersOf(sql`${task.id}::uuid`)}) w where w.user_id = ${caller.userId}
          ) as watching`,
        { name: 'watch-read' },
      );
      return watching;
    },

    async set(unit, access, isWatching) {
      authorize(access, 'task.watch');
      const { caller, workspace, task } = access;
      await unit.query(sql`
        insert into watchers (workspace_id, task_id, user_id, is_watching)
        values (${workspace.id}, ${task.id}, ${caller.userId}, ${isWatching})
        on conflict (task_id, user_id) do update set is_watching = excluded.is_watching, decided_at = now()
        where watchers.is_watching <> excluded.is_watching`);
    },
  };
}
