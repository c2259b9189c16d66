import type { Executor } from '@taskflow/db';
import type { CommentAccess, ProjectAccess, TaskAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import type { ActivityEntry, Changes } from '../activity/append.ts';
import { isInstantKey } from '../core/cursor.ts';
import type { Document, DocumentPage } from '../core/document.ts';
import { assertVersion, notFound } from '../core/errors.ts';
import type { PageQuery } from '../core/id-page.ts';
import { keyPage } from '../core/key-page.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { mayMention, resolveMentions } from './mentions.ts';
import {
  findComment,
  insertComment,
  listComments,
  listMentionable,
  lockComment,
  setDeleted,
  updateBody,
} from './repository.ts';

/** Comments of tasks: Markdown, kept as it was written. */
export interface CommentService {
  /** Oldest first. */
  list(access: TaskAccess, query: PageQuery): Promise<DocumentPage>;
  get(access: CommentAccess): Promise<Document>;
  /** Whoever sees the task may comment. @throws DomainError `not_found` when the task was deleted meanwhile */
  create(unit: UnitOfWork, access: TaskAccess, body: string): Promise<Document>;
  /** Its author may. Whom it mentions is found out again. @throws DomainError `forbidden`, `stale_version` */
  update(unit: UnitOfWork, access: CommentAccess, body: string, expectedVersion: number | undefined): Promise<Document>;
  /** Its author, and owners and admins, may. @throws DomainError `forbidden`, `stale_version` */
  remove(unit: UnitOfWork, access: CommentAccess, expectedVersion: number | undefined): Promise<void>;
  /** Whoever may delete it. @param access of the deleted comment @throws DomainError `forbidden` */
  restore(unit: UnitOfWork, access: CommentAccess): Promise<Document>;
}

/** @param options.newId makes ids of new rows */
export function createCommentService(options: { executor: Executor; newId: () => string }): CommentService {
  const { executor, newId } = options;

  return {
    async list({ task }, query) {
      const page = keyPage(query, ['comments', task.id], isInstantKey);
      return page.toPage(await listComments(executor, task.id, page));
    },

    get: async ({ comment }) => found(await findComment(executor, comment.id)),

    async create(unit, access, body) {
      authorize(access, 'comment.write');
      const mentionIds = await mentionsIn(body, unit, access);
      const { taskTitle, ...comment } = found(
        await insertComment(unit, {
          id: newId(),
          taskId: access.task.id,
          authorId: access.caller.userId,
          body,
          mentionIds,
        }),
      );
      unit.record({
        ...happened(access, comment.id, taskTitle),
        type: 'comment.created',
        changes: mentionIds.length === 0 ? {} : { mentionIds: { to: mentionIds } },
      });
      return comment;
    },

    async update(unit, access, body, expectedVersion) {
      authorize(access, 'comment.edit');
      const { id } = access.comment;
      const current = found(await lockComment(unit, id, { deleted: false }));
      assertVersion(current.version, expectedVersion);
      if (body !== current.body) {
        const mentionIds = await mentionsIn(body, unit, access);
        await updateBody(unit, id, body, mentionIds);
        unit.record({
          ...happened(access, id, current.taskTitle),
          type: 'comment.updated',
          changes: { body: {}, ...mentionChanges(current.mentionIds, mentionIds) },
        });
      }
      return found(await findComment(unit, id));
    },

    async remove(unit, access, expectedVersion) {
      authorize(access, 'comment.delete');
      const { id } = access.comment;
      const current = found(await lockComment(unit, id, { deleted: false }));
      assertVersion(current.version, expectedVersion);
      await setDeleted(unit, id, true);
      unit.record({ ...happened(access, id, current.taskTitle), type: 'comment.deleted' });
    },

    async restore(unit, access) {
      authorize(access, 'comment.delete');
      const { id } = access.comment;
      const current = found(await lockComment(unit, id, { deleted: true }));
      await setDeleted(unit, id, false);
      unit.record({ ...happened(access, id, current.taskTitle), type: 'comment.restored' });
      return found(await findComment(unit, id));
    },
  };
}

function found<Row>(row: Row | undefined): Row {
  if (row === undefined) {
    throw notFound();
  }
  return row;
}

async function mentionsIn(body: string, executor: Executor, access: ProjectAccess): Promise<string[]> {
  return mayMention(body) ? resolveMentions(body, await listMentionable(executor, access)) : [];
}

function mentionChanges(from: readonly string[], to: readonly string[]): Changes {
  return from.join() === to.join() ? {} : { mentionIds: { from, to } };
}

const happened = (access: TaskAccess, commentId: string, taskTitle: string): Omit<ActivityEntry, 'type'> => ({
  workspaceId: access.workspace.id,
  actorId: access.caller.userId,
  projectId: access.project.id,
  taskId: access.task.id,
  subjectId: commentId,
  subject: taskTitle,
});
