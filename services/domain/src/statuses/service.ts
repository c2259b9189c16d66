import type { Body } from '@taskflow/contract/api';
import { defaultStatuses, type StatusCategory } from '@taskflow/contract/projects';
import { type Executor, isUniqueViolation } from '@taskflow/db';
import type { ProjectAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import { difference, isChange } from '../activity/changes.ts';
import type { Document, DocumentPage } from '../core/document.ts';
import { assertVersion, DomainError, invalid, notFound } from '../core/errors.ts';
import { wholePage } from '../core/id-page.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { lockProject } from '../projects/lock.ts';
import {
  arrange,
  closeStatus,
  deleteStatus,
  hasTasks,
  insertStatus,
  listStatuses,
  type MovedTask,
  moveTasks,
  readRows,
  readStatus,
  setCategoryOfTasks,
  type StatusRow,
  updateStatus,
} from './repository.ts';

/** The columns of a project's board. Changes of one project's statuses happen one after another. */
export interface StatusService {
  /** In the order of the board. */
  list(access: ProjectAccess): Promise<DocumentPage>;
  /** @throws DomainError `forbidden`, `name_taken`, `conflict` when there are too many */
  create(unit: UnitOfWork, access: ProjectAccess, input: Body<'POST /projects/{id}/statuses'>): Promise<Document>;
  /**
   * A new position moves it there, and the others make room. A new category is that of its tasks too.
   *
   * @throws DomainError `forbidden`, `not_found`, `stale_version`, `name_taken`
   */
  update(
    unit: UnitOfWork,
    access: ProjectAccess,
    statusId: string,
    patch: Body<'PATCH /projects/{id}/statuses/{statusId}'>,
    expectedVersion: number | undefined,
  ): Promise<Document>;
  /**
   * @param moveTo the status that its tasks get
   * @throws DomainError `forbidden`, `not_found`, `stale_version`; `conflict` for the only status and for one with
   * tasks that have nowhere to go; `invalid` when `moveTo` is no other status of the project
   */
  remove(
    unit: UnitOfWork,
    access: ProjectAccess,
    statusId: string,
    options: { readonly moveTo?: string | undefined; readonly expectedVersion?: number | undefined },
  ): Promise<void>;
}

/** More than this fit on nobody's board. */
const maximumStatuses = 50;

/** @param options.newId makes ids of new rows */
export function createStatusService(options: { executor: Executor; newId: () => string }): StatusService {
  const { executor, newId } = options;

  return {
    list: async (access) => wholePage(await listStatuses(executor, access.project.id)),

    async create(unit, access, input) {
      const statuses = await begin(unit, access);
      if (statuses.length >= maximumStatuses) {
        throw new DomainError('conflict', `A project has at most ${maximumStatuses} statuses`);
      }
      const status = {
        id: newId(),
        name: input.name,
        category: input.category,
        color: input.color ?? defaultColor(input.category),
        position: Math.min(input.position ?? statuses.length, statuses.length),
      };
      await uniqueName(insertStatus(unit, placeOf(access), status));
      await arrange(unit, idsWith(statuses, status));
      unit.record({ ...happened(access, status), type: 'status.created' });
      return readStatus(unit, status.id);
    },

    async update(unit, access, statusId, patch, expectedVersion) {
      const statuses = await begin(unit, access);
      const { id, version, ...current } = find(statuses, statusId);
      assertVersion(version, expectedVersion);
      const position = patch.position === undefined ? undefined : Math.min(patch.position, statuses.length - 1);
      const { next, changes } = difference(current, { ...patch, position });
      if (isChange(changes)) {
        const taskIds = changes['category'] === undefined ? [] : await closeStatus(unit, access.project.id, id);
        await uniqueName(updateStatus(unit, { id, ...next }));
        await setCategoryOfTasks(unit, taskIds, next.category);
        if (changes['position'] !== undefined) {
          await arrange(unit, idsWith(statuses, { id, ...next }));
        }
        unit.record({ ...happened(access, { id, ...next }), type: 'status.updated', changes });
      }
      return readStatus(unit, id);
    },

    async remove(unit, access, statusId, { moveTo, expectedVersion }) {
      const statuses = await begin(unit, access);
      const status = find(statuses, statusId);
      assertVersion(status.version, expectedVersion);
      const others = statuses.filter(({ id }) => id !== status.id);
      const target = others.find(({ id }) => id === moveTo);
      if (moveTo !== undefined && target === undefined) {
        throw invalid('query.moveTo', 'is no other status of this project');
      }
      const [first] = others;
      if (first === undefined) {
        throw new DomainError('conflict', 'A project needs at least one status');
      }
      const taskIds = await closeStatus(unit, access.project.id, status.id);
      if (target === undefined && (await hasTasks(unit, status.id))) {
        throw new DomainError('conflict', 'The status has tasks: say with moveTo where they go');
      }
      const alike = others.find(({ category }) => category === status.category);
      const to = target ?? alike ?? first;
      const moved = await moveTasks(unit, taskIds, to);
      await deleteStatus(unit, status.id);
      await arrange(
        unit,
        others.map(({ id }) => id),
      );
      tellOfMoves(unit, access, moved, { from: status.id, to: to.id });
      unit.record({ ...happened(access, status), type: 'status.deleted' });
    },
  };
}

/** Whoever changes statuses may, and is alone at it until the transaction ends. */
async function begin(unit: UnitOfWork, access: ProjectAccess): Promise<StatusRow[]> {
  authorize(access, 'project.manage');
  await lockProject(unit, access.project.id);
  return readRows(unit, access.project.id);
}

function find(statuses: readonly StatusRow[], statusId: string): StatusRow {
  const status = statuses.find(({ id }) => id === statusId.toLowerCase());
  if (status === undefined) {
    throw notFound();
  }
  return status;
}

/** The ids of a board in order, with this status at its position. */
function idsWith(statuses: readonly StatusRow[], status: { readonly id: string; readonly position: number }): string[] {
  const ids = statuses.map(({ id }) => id).filter((id) => id !== status.id);
  return ids.toSpliced(status.position, 0, status.id);
}

async function uniqueName(write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    throw isUniqueViolation(error, 'statuses_name')
      ? new DomainError('name_taken', 'Another status of this project has the name', {
          cause: error,
          fields: [{ path: 'name', message: 'is already used in the project' }],
        })
      : error;
  }
}

/** Each task's own history says where it went. */
function tellOfMoves(
  unit: UnitOfWork,
  access: ProjectAccess,
  tasks: readonly MovedTask[],
  statusId: { readonly from: string; readonly to: string },
): void {
  for (const { id, title, deleted } of tasks) {
    if (!deleted) {
      unit.record({
        ...placeOf(access),
        type: 'task.moved',
        actorId: access.caller.userId,
        taskId: id,
        subject: title,
        changes: { statusId },
      });
    }
  }
}

const defaultColor = (wanted: StatusCategory) =>
  defaultStatuses.find(({ category }) => category === wanted)?.color ?? defaultStatuses[0].color;

const placeOf = ({ workspace, project }: ProjectAccess) => ({ workspaceId: workspace.id, projectId: project.id });

const happened = (access: ProjectAccess, status: Pick<StatusRow, 'id' | 'name'>) => ({
  ...placeOf(access),
  actorId: access.caller.userId,
  subjectId: status.id,
  subject: status.name,
});
