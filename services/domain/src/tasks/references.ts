import type { StatusCategory } from '@taskflow/contract/projects';
import type { CreateTaskBody } from '@taskflow/contract/tasks';
import { type Executor, isForeignKeyViolation, maybeOne, one, type Sql, sql } from '@taskflow/db';
import type { ProjectAccess } from '../access/access.ts';
import { DomainError } from '../core/errors.ts';

/** The parts of a task that point at something else. */
export type References = Pick<CreateTaskBody, 'assigneeIds' | 'labelIds' | 'parentId' | 'statusId'>;

/** A status of the project, kept from being deleted until the end of the transaction; `null` takes the first one. */
export const statusOf = (projectId: string, statusId: string | null): Sql => sql`
  select s.id, s.category from statuses s
  where s.project_id = ${projectId} and s.deleted_at is null and (${statusId}::uuid is null or s.id = ${statusId}::uuid)
  order by s.position, s.id limit 1
  for share of s`;

/** How many of these people see the project, and so may be assigned. */
export const assignableCount = ({ workspace, project }: ProjectAccess, userIds: readonly string[]): Sql => sql`
  select count(*) from memberships m
  left join project_members pm on pm.project_id = ${project.id} and pm.user_id = m.user_id
  where m.workspace_id = ${workspace.id} and m.user_id = any(${userIds}::uuid[]) and (
    m.role in ('owner', 'admin') or (m.role = 'member' and ${project.visibility} = 'workspace') or pm.user_id is not null
  )`;

/** How many of these labels the workspace has; they are kept from being deleted until the end of the transaction. */
export const labelCount = ({ workspace }: ProjectAccess, labelIds: readonly string[]): Sql => sql`
  select count(*) from (
    select from labels l
    where l.workspace_id = ${workspace.id} and l.id = any(${labelIds}::uuid[]) and l.deleted_at is null
    for key share of l
  ) kept`;

/** Whether a task can be a parent in this project. */
export const parentCount = ({ project }: ProjectAccess, parentId: string | null): Sql => sql`
  select count(*) from tasks s
  where s.id = ${parentId}::uuid and s.project_id = ${project.id} and s.deleted_at is null`;

/** Finds a status of the project for a task. @throws DomainError `invalid` when there is none */
export async function requireStatus(
  executor: Executor,
  { project }: ProjectAccess,
  statusId: string,
): Promise<{ id: string; category: StatusCategory }> {
  type Row = { id: string; category: StatusCategory };
  const status = await maybeOne<Row>(executor, statusOf(project.id, statusId));
  if (status === undefined) {
    throw new DomainError('invalid', undefined, { fields: [noStatus] });
  }
  return status;
}

const noStatus = { path: 'statusId', message: 'is no status of this project' };

/**
 * Holds what a task points at against what is there.
 *
 * @param taskId the task itself, when it exists: it must not come to be below itself
 * @throws DomainError `invalid` with every field that points nowhere
 */
export async function assertReferences(
  executor: Executor,
  access: ProjectAccess,
  references: References,
  taskId?: string,
): Promise<void> {
  const { assigneeIds = [], labelIds = [], parentId = null, statusId = null } = references;
  type Found = { statuses: number; people: number; labels: number; parents: number; is_cycle: boolean };
  const found = await one<Found>(
    executor,
    sql`
      select (select count(*) from (${statusOf(access.project.id, statusId)}) found) as statuses,
        (${assignableCount(access, assigneeIds)}) as people,
        (${labelCount(access, labelIds)}) as labels,
        (${parentCount(access, parentId)}) as parents,
        (${isBelow(parentId, taskId)}) as is_cycle`,
  );
  const fields = [
    found.statuses === 0 && noStatus,
    found.people < assigneeIds.length && {
      path: 'assigneeIds',
      message: 'holds somebody who does not see this project',
    },
    found.labels < labelIds.length && { path: 'labelIds', message: 'holds a label that the workspace does not have' },
    parentId !== null && found.parents === 0 && { path: 'parentId', message: 'is no task of this project' },
    found.is_cycle && { path: 'parentId', message: 'is the task itself or one of its sub-tasks' },
  ].filter((field) => field !== false);
  if (fields.length > 0) {
    throw new DomainError('invalid', undefined, { fields });
  }
}

/** What a task points at was there a moment ago. */
export const referencesChanged = (cause?: unknown) =>
  new DomainError('conflict', 'What the task points at changed at the same time; try again', { cause });

/** Waits for a write of references. @throws DomainError `conflict` when somebody took away what they point at */
export async function held<Result>(write: Promise<Result>): Promise<Result> {
  try {
    return await write;
  } catch (error) {
    throw isForeignKeyViolation(error) ? referencesChanged(error) : error;
  }
}

/** Whether `taskId` is `parentId` or stands somewhere above it. */
const isBelow = (parentId: string | null, taskId: string | undefined): Sql => sql`
  with recursive above as (
    select s.id, s.parent_id from tasks s where s.id = ${parentId}::uuid
    union
    select s.id, s.parent_id from tasks s join above on s.id = above.parent_id
  )
  select exists (select from above where above.id = ${taskId ?? null}::uuid)`;
