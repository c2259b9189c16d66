import type { CreateTaskLinkBody } from '@taskflow/contract/tasks';
import { isUniqueViolation, sql } from '@taskflow/db';
import type { TaskAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import type { Document, DocumentPage } from '../core/document.ts';
import { DomainError, invalid, notFound } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import type { UnitOfWork, UnitOfWorkRunner } from '../core/unit-of-work.ts';
import { lockTasks } from '../tasks/bump.ts';
import { deleteLink, findLink, findOtherTask, insertLink, isRelated, listLinks, titleOf } from './repository.ts';

/** Everything that can be done with links between tasks. */
export type LinkService = ReturnType<typeof createLinkService>;

const alreadyLinked = () => new DomainError('conflict', 'The tasks are linked like this already');

/** The rules of links between tasks of one workspace. */
export function createLinkService(options: { units: UnitOfWorkRunner; newId: () => string }) {
  const { units, newId } = options;
  return {
    /** Links of a task to tasks that the caller sees. */
    async list(access: TaskAccess): Promise<DocumentPage> {
      return { items: await listLinks(units.database, access), nextCursor: null };
    },

    /** @throws DomainError `invalid` when the other task is not there, `conflict` when the link is */
    async create(
      unit: UnitOfWork,
      access: TaskAccess,
      { type, taskId }: CreateTaskLinkBody,
    ): Promise<Pick<Document, 'id' | 'json'>> {
      authorize(access, 'task.write');
      // Both ends, so that two who link them at the same time do so one after another.
      await lockTasks(unit, sql`t.workspace_id = ${access.workspace.id} and t.id in (${access.task.id}, ${taskId})`);
      const other = await findOtherTask(unit, access, taskId);
      if (other === undefined) {
        throw invalid('taskId', 'is no other task that you see in this workspace');
      }
      if (type === 'relates' && (await isRelated(unit, access.task.id, other.id))) {
        throw alreadyLinked();
      }
      const link = { id: newId(), type, from_task_id: access.task.id, to_task_id: other.id };
      try {
        await insertLink(unit, access, link);
      } catch (error) {
        throw isUniqueViolation(error) ? alreadyLinked() : error;
      }
      await record(unit, access, 'task_link.created', link);
      const json = await findLink(unit, access, link.id);
      if (json === undefined) {
        throw notFound();
      }
      return { id: link.id, json };
    },

    async delete(unit: UnitOfWork, access: TaskAccess, linkId: string): Promise<void> {
      authorize(access, 'task.write');
      const isVisible = isId(linkId) && (await findLink(unit, access, linkId)) !== undefined;
      const link = isVisible ? await deleteLink(unit, access, linkId) : undefined;
      if (link === undefined) {
        throw notFound();
      }
      await record(unit, access, 'task_link.deleted', link);
    },
  };
}

async function record(
  unit: UnitOfWork,
  { caller, workspace, project, task }: TaskAccess,
  type: 'task_link.created' | 'task_link.deleted',
  link: { readonly id: string; readonly type: string; readonly from_task_id: string; readonly to_task_id: string },
): Promise<void> {
  unit.record({
    workspaceId: workspace.id,
    type,
    actorId: caller.userId,
    projectId: project.id,
    taskId: task.id,
    subjectId: link.id,
    subject: await titleOf(unit, task.id),
    changes: {
      [type === 'task_link.created' ? 'added' : 'removed']: {
        to: { type: link.type, fromTaskId: link.from_task_id, toTaskId: link.to_task_id },
      },
    },
  });
}
