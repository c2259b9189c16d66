import { type Executor, maybeOne, type Sql, sql } from '@taskflow/db';
import type { ProjectAccess } from '../access/access.ts';
import { projectIsVisibleToMember } from '../access/visibility.ts';
import type { Position } from '../core/cursor.ts';
import type { Document } from '../core/document.ts';
import type { KeyedRow } from '../core/key-page.ts';
import { commentJson } from './json.ts';
import type { Mentionable } from './mentions.ts';

/** A comment as its own row has it, with the title of its task. */
export type CommentRow = {
  readonly version: number;
  readonly body: string;
  readonly mentionIds: string[];
  readonly taskTitle: string;
};

const commentDocument = sql`cm.id, ${commentJson}::text as json, cm.version::text as etag`;

/** Oldest first. */
export async function listComments(
  executor: Executor,
  taskId: string,
  page: { readonly after: Position | undefined; readonly rowLimit: number },
): Promise<KeyedRow[]> {
  const { after, rowLimit } = page;
  return executor.query<{ id: string; key: string; json: string }>(
    sql`
      select cm.id, rfc3339(cm.created_at) as key, ${commentJson}::text as json
      from comments cm join tasks t on t.id = cm.task_id
      where cm.task_id = ${taskId} and cm.deleted_at is null
        ${after === undefined ? sql`` : sql`and (cm.created_at, cm.id) > (${after.key}::timestamptz, ${after.id}::uuid)`}
      order by cm.created_at, cm.id
      limit ${rowLimit}`,
    { name: 'comment-list' },
  );
}

/** Undefined when it was deleted. */
export async function findComment(executor: Executor, commentId: string): Promise<Document | undefined> {
  return maybeOne<Document>(
    executor,
    sql`
      select ${commentDocument} from comments cm join tasks t on t.id = cm.task_id
      where cm.id = ${commentId} and cm.deleted_at is null`,
    { name: 'comment-find' },
  );
}

/** Locks a comment, deleted or not, until the transaction ends. */
export async function lockComment(
  executor: Executor,
  commentId: string,
  options: { readonly deleted: boolean },
): Promise<CommentRow | undefined> {
  return maybeOne<CommentRow>(
    executor,
    sql`
      select cm.version, cm.body, cm.mention_ids as "mentionIds", t.title as "taskTitle"
      from comments cm join tasks t on t.id = cm.task_id
      where cm.id = ${commentId} and ${options.deleted ? sql`cm.deleted_at is not null` : sql`cm.deleted_at is null`}
      for no key update of cm`,
  );
}

/** Inserts a comment; undefined when the task was deleted meanwhile. */
export async function insertComment(
  executor: Executor,
  comment: {
    readonly id: string;
    readonly taskId: string;
    readonly authorId: string;
    readonly body: string;
    readonly mentionIds: readonly string[];
  },
): Promise<(Document & { readonly taskTitle: string }) | undefined> {
  const { id, taskId, authorId, body, mentionIds } = comment;
  return maybeOne<Document & { readonly taskTitle: string }>(
    executor,
    sql`
      with t as (
        select id, workspace_id, project_id, title from tasks
        where id = ${taskId} and deleted_at is null
        for key share
      ), cm as (
        insert into comments (id, workspace_id, task_id, author_id, body, mention_ids)
        select ${id}::uuid, t.workspace_id, t.id, ${authorId}::uuid, ${body}, ${mentionIds}::uuid[] from t
        returning *
      )
      select ${commentDocument}, t.title as "taskTitle" from cm join t on t.id = cm.task_id`,
    { name: 'comment-insert' },
  );
}

/** Writes another body; the comment says from now on that it was edited. */
export async function updateBody(
  executor: Executor,
  commentId: string,
  body: string,
  mentionIds: readonly string[],
): Promise<void> {
  await executor.query(sql`
    update comments
    set body = ${body}, mention_ids = ${mentionIds}::uuid[], version = version + 1, updated_at = now(), edited_at = now()
    where id = ${commentId}`);
}

/** Deletes a comment, or brings it back. */
export async function setDeleted(executor: Executor, commentId: string, deleted: boolean): Promise<void> {
  const deletedAt: Sql = deleted ? sql`now()` : sql`null`;
  await executor.query(sql`
    update comments set deleted_at = ${deletedAt}, version = version + 1, updated_at = now() where id = ${commentId}`);
}

/** Everybody who sees a project. */
export async function listMentionable(executor: Executor, { project }: ProjectAccess): Promise<Mentionable[]> {
  return executor.query<{ id: string; name: string }>(
    sql`
      select u.id, u.name
      from projects p
      join memberships m on m.workspace_id = p.workspace_id
      join users u on u.id = m.user_id
      where p.id = ${project.id} and ${projectIsVisibleToMember}`,
    { name: 'comment-mentionable' },
  );
}
