import type { CreateTaskBody, MoveTaskBody, TaskListQuery, UpdateTaskBody } from '@taskflow/contract/tasks';
import { type Executor, empty, type Sql, sql } from '@taskflow/db';
import type { CallerAccess, ProjectAccess, TaskAccess, WorkspaceAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import { type Reading, readAs } from '../access/reading.ts';
import { projectIsVisible, projectIsVisibleToMember } from '../access/visibility.ts';
import type { ActivityEntry } from '../activity/append.ts';
import { decodeCursor, encodeCursor, fingerprint } from '../core/cursor.ts';
import type { Document, DocumentPage } from '../core/document.ts';
import { assertVersion, notFound } from '../core/errors.ts';
import type { UnitOfWork, UnitOfWorkRunner } from '../core/unit-of-work.ts';
import type { IdempotentWrite } from '../idempotency/idempotency.ts';
import { taskChanges } from './changes.ts';
import { type CreatedTask, createTask } from './create.ts';
import { taskConditions } from './filter.ts';
import { rankAt } from './move.ts';
import { taskOrder } from './order.ts';
import { assertReferences, held, referencesChanged, requireStatus } from './references.ts';
import {
  deleteTaskTree,
  findTask,
  lockCounter,
  lockTask,
  replaceAssignees,
  replaceLabels,
  restoreTaskTree,
  taskPage,
  type TaskRow,
  type TreeTask,
  updateTask,
} from './repository.ts';

/** Everything that can be done with tasks. */
export type TaskService = ReturnType<typeof createTaskService>;

/** With more filters than this, the texts of a list's statement are too many to be prepared. */
const mostPreparedFilters = 3;

/** The rules of tasks. */
export function createTaskService(options: { units: UnitOfWorkRunner; newId: () => string }) {
  const { units, newId } = options;
  const { database } = units;

  return {
    /** Tasks of the project that `access` is to. @param ref what the caller names it by; cursors are bound to that */
    listOfProject: (ref: string, query: TaskListQuery): Reading<DocumentPage> =>
      list({ name: 'project', id: ref, joins: empty, condition: sql`t.project_id = access.project_id` }, query),

    /** Tasks of every project of a workspace that the caller sees. */
    listOfWorkspace: (access: WorkspaceAccess, query: TaskListQuery): Promise<DocumentPage> =>
      readAs(
        database,
        access,
        list(
          {
            name: 'workspace',
            id: access.workspace.id,
            joins: sql`join projects p on p.id = t.project_id`,
            condition: sql`t.workspace_id = ${access.workspace.id} and ${projectIsVisible(access)}`,
          },
          query,
        ),
      ),

    /** Tasks assigned to the caller, in every workspace. */
    listOfCaller: (access: CallerAccess, query: Omit<TaskListQuery, 'assignee'>): Promise<DocumentPage> =>
      readAs(
        database,
        access,
        list(
          {
            name: 'caller',
            id: access.caller.userId,
            joins: sql`
              join task_assignees mine on mine.task_id = t.id and mine.user_id = access.user_id
              join projects p on p.id = t.project_id and p.deleted_at is null
              join workspaces w on w.id = t.workspace_id and w.deleted_at is null
              join memberships m on m.workspace_id = t.workspace_id and m.user_id = mine.user_id`,
            condition: projectIsVisibleToMember,
          },
          query,
        ),
      ),

    async get({ task }: TaskAccess): Promise<Document> {
      return required(await findTask(database, task.id));
    },

    /**
     * Creates a task in one round trip. An `idempotency` is kept in the same statement; its twin fails on the key.
     *
     * @throws DomainError `invalid` with every field that points at nothing, `conflict` for what is just going away
     */
    async create(
      access: ProjectAccess,
      body: CreateTaskBody,
      idempotency: IdempotentWrite | undefined,
    ): Promise<Document> {
      authorize(access, 'task.write');
      const ids = { task: newId(), job: newId() };
      const statement = createTask(access, ids, body, { idempotency, cause: units.cause() });
      const [created] = await held(database.query<CreatedTask>(statement, { name: 'task-create' }));
      if (created === undefined) {
        await assertReferences(database, access, body);
        throw referencesChanged();
      }
      units.committed([{ workspaceId: access.workspace.id, number: created.number }]);
      return created;
    },

    async update(
      unit: UnitOfWork,
      access: TaskAccess,
      body: UpdateTaskBody,
      expectedVersion: number | undefined,
    ): Promise<Document> {
      authorize(access, 'task.write');
      const task = required(await lockTask(unit, access.task.id, { deleted: false }));
      assertVersion(task.version, expectedVersion);
      const changes = taskChanges(task, body);
      if (Object.keys(changes).length > 0) {
        if (changes['parentId'] !== undefined) {
          await lockCounter(unit, task.project_id);
        }
        await assertReferences(unit, access, pointedAt(body, changes), task.id);
        await held(applyChanges(unit, access, task, body));
        unit.record({ ...entry(access, task, 'task.updated'), subject: body.title ?? task.title, changes });
      }
      return required(await findTask(unit, task.id));
    },

    async move(
      unit: UnitOfWork,
      access: TaskAccess,
      body: MoveTaskBody,
      expectedVersion: number | undefined,
    ): Promise<Document> {
      authorize(access, 'task.write');
      const found = required(await lockTask(unit, access.task.id, { deleted: false }));
      assertVersion(found.version, expectedVersion);
      const { rank, isSpread } = await rankAt(unit, found, body);
      const statusId = body.statusId ?? found.status_id;
      const status = statusId === found.status_id ? undefined : await requireStatus(unit, access, statusId);
      await updateTask(unit, found.id, {
        rank,
        ...(status === undefined ? {} : { status_id: status.id, category: status.category }),
      });
      const changes = status === undefined ? {} : { statusId: { from: found.status_id, to: status.id } };
      unit.record({ ...entry(access, found, 'task.moved'), changes });
      if (isSpread) {
        const { workspace, caller, project } = access;
        unit.record({
          workspaceId: workspace.id,
          type: 'project.updated',
          actorId: caller.userId,
          projectId: project.id,
          subject: project.key,
          changes: { ranks: {} },
        });
      }
      return required(await findTask(unit, found.id));
    },

    /** Deletes a task and its sub-tasks. */
    async delete(unit: UnitOfWork, access: TaskAccess, expectedVersion: number | undefined): Promise<void> {
      authorize(access, 'task.write');
      const task = required(await lockTask(unit, access.task.id, { deleted: false }));
      assertVersion(task.version, expectedVersion);
      recordTree(unit, entry(access, task, 'task.deleted'), await deleteTaskTree(unit, task.id));
    },

    /** Brings a deleted task back, with the sub-tasks that went with it. */
    async restore(unit: UnitOfWork, access: TaskAccess): Promise<Document> {
      authorize(access, 'task.write');
      const task = required(await lockTask(unit, access.task.id, { deleted: true }));
      recordTree(unit, entry(access, task, 'task.restored'), await restoreTaskTree(unit, task.id));
      return required(await findTask(unit, task.id));
    },
  };
}

/** Which tasks a list is about. */
interface ListScope {
  readonly name: 'project' | 'workspace' | 'caller';
  readonly id: string;
  readonly joins: Sql;
  readonly condition: Sql;
}

function list(scope: ListScope, query: TaskListQuery): Reading<DocumentPage> {
  const { sort, limit, cursor, ...filter } = query;
  const order = taskOrder(sort);
  const listId = fingerprint([scope.name, scope.id, sort, filter]);
  return taskPage({
    joins: scope.joins,
    conditions: [scope.condition, ...taskConditions(filter, sql`access.user_id`)],
    order,
    position: decodeCursor(cursor, listId, order.isKey),
    limit,
    name: Object.keys(filter).length <= mostPreparedFilters ? `tasks-of-${scope.name}` : undefined,
    toResult: ({ items, more, last_key: key, last_id: id }) => ({
      items: `[${items ?? ''}]`,
      nextCursor: more && key !== null && id !== null ? encodeCursor({ key, id }, listId) : null,
    }),
  });
}

function required<Value>(found: Value | undefined): Value {
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

function entry({ caller }: TaskAccess, task: TaskRow, type: ActivityEntry['type']): ActivityEntry {
  return {
    workspaceId: task.workspace_id,
    type,
    actorId: caller.userId,
    projectId: task.project_id,
    taskId: task.id,
    subject: task.title,
  };
}

/** Each task's own history says that it went or came; the one that was meant comes first. */
function recordTree(unit: UnitOfWork, root: ActivityEntry, tree: readonly TreeTask[]): void {
  unit.record(root);
  for (const { id, title } of tree.filter((task) => task.id !== root.taskId)) {
    unit.record({ ...root, taskId: id, subject: title });
  }
}

/** Only what really changes is held against what is there: a label that was deleted since does no harm. */
function pointedAt(body: UpdateTaskBody, changes: ActivityEntry['changes'] = {}) {
  return {
    ...(changes['assigneeIds'] === undefined ? {} : { assigneeIds: body.assigneeIds }),
    ...(changes['labelIds'] === undefined ? {} : { labelIds: body.labelIds }),
    ...(changes['parentId'] === undefined ? {} : { parentId: body.parentId }),
    ...(changes['statusId'] === undefined ? {} : { statusId: body.statusId }),
  };
}

async function applyChanges(unit: Executor, access: TaskAccess, task: TaskRow, body: UpdateTaskBody): Promise<void> {
  const { statusId, startAt, dueAt, parentId, assigneeIds, labelIds, ...same } = body;
  const status = statusId === undefined ? undefined : await requireStatus(unit, access, statusId);
  await updateTask(unit, task.id, {
    ...same,
    start_at: startAt,
    due_at: dueAt,
    parent_id: parentId,
    status_id: status?.id,
    category: status?.category,
  });
  if (assigneeIds !== undefined) {
    await replaceAssignees(unit, task, assigneeIds);
  }
  if (labelIds !== undefined) {
    await replaceLabels(unit, task, labelIds);
  }
}
