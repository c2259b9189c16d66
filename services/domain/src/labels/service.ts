import type { Body } from '@taskflow/contract/api';
import { type Executor, isUniqueViolation, sql } from '@taskflow/db';
import type { WorkspaceAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import { difference, isChange } from '../activity/changes.ts';
import type { Document, DocumentPage } from '../core/document.ts';
import { assertVersion, DomainError, notFound } from '../core/errors.ts';
import { wholePage } from '../core/id-page.ts';
import { isId } from '../core/ids.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { bumpTasks, lockTasks } from '../tasks/bump.ts';
import {
  countLabels,
  deleteLabel,
  insertLabel,
  type LabelRow,
  listLabels,
  lockLabel,
  readLabel,
  updateLabel,
} from './repository.ts';

/** Labels of a workspace; names are unique there without regard to case. */
export interface LabelService {
  /** By name. */
  list(access: WorkspaceAccess): Promise<DocumentPage>;
  /** @throws DomainError `forbidden`, `name_taken`, `conflict` when there are too many */
  create(unit: UnitOfWork, access: WorkspaceAccess, input: Body<'POST /workspaces/{id}/labels'>): Promise<Document>;
  /** @throws DomainError `forbidden`, `not_found`, `stale_version`, `name_taken` */
  update(
    unit: UnitOfWork,
    access: WorkspaceAccess,
    labelId: string,
    patch: Body<'PATCH /workspaces/{id}/labels/{labelId}'>,
    expectedVersion: number | undefined,
  ): Promise<Document>;
  /** Takes the label off every task. @throws DomainError `forbidden`, `not_found`, `stale_version` */
  remove(
    unit: UnitOfWork,
    access: WorkspaceAccess,
    labelId: string,
    expectedVersion: number | undefined,
  ): Promise<void>;
}

const defaultColor = '#8a8f98';

/** The list has no pages, so it has an end; a few more come in when they are created at the same moment. */
const maximumLabels = 500;

/** @param options.newId makes ids of new rows */
export function createLabelService(options: { executor: Executor; newId: () => string }): LabelService {
  const { executor, newId } = options;

  return {
    list: async (access) => wholePage(await listLabels(executor, access.workspace.id)),

    async create(unit, access, input) {
      authorize(access, 'label.write');
      const workspaceId = access.workspace.id;
      if ((await countLabels(unit, workspaceId)) >= maximumLabels) {
        throw new DomainError('conflict', `A workspace has at most ${maximumLabels} labels`);
      }
      const label = { id: newId(), workspaceId, name: input.name, color: input.color ?? defaultColor };
      await uniqueName(insertLabel(unit, label));
      unit.record({ ...happened(access, label.id, label), type: 'label.created' });
      return readLabel(unit, label.id);
    },

    async update(unit, access, labelId, patch, expectedVersion) {
      authorize(access, 'label.write');
      const { version, ...current } = await lock(unit, access, labelId);
      assertVersion(version, expectedVersion);
      const { next, changes } = difference(current, patch);
      if (isChange(changes)) {
        await uniqueName(updateLabel(unit, labelId, next));
        unit.record({ ...happened(access, labelId, next), type: 'label.updated', changes });
      }
      return readLabel(unit, labelId);
    },

    async remove(unit, access, labelId, expectedVersion) {
      authorize(access, 'label.write');
      await lockLabelled(unit, access, labelId);
      const label = await lock(unit, access, labelId);
      assertVersion(label.version, expectedVersion);
      // Again: until the label was locked, others could put it on more tasks.
      const taskIds = await lockLabelled(unit, access, labelId);
      await deleteLabel(unit, labelId);
      await bumpTasks(unit, taskIds);
      unit.record({ ...happened(access, labelId, label), type: 'label.deleted' });
    },
  };
}

async function lockLabelled(unit: UnitOfWork, { workspace }: WorkspaceAccess, labelId: string): Promise<string[]> {
  return isId(labelId)
    ? lockTasks(
        unit,
        sql`t.workspace_id = ${workspace.id} and exists (
          select from task_labels l where l.task_id = t.id and l.label_id = ${labelId}::uuid
        )`,
      )
    : [];
}

async function lock(unit: UnitOfWork, access: WorkspaceAccess, labelId: string): Promise<LabelRow> {
  const label = isId(labelId) ? await lockLabel(unit, access.workspace.id, labelId) : undefined;
  if (label === undefined) {
    throw notFound();
  }
  return label;
}

async function uniqueName(write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    throw isUniqueViolation(error, 'labels_name')
      ? new DomainError('name_taken', 'Another label of this workspace has the name', {
          cause: error,
          fields: [{ path: 'name', message: 'is already used in the workspace' }],
        })
      : error;
  }
}

const happened = ({ workspace, caller }: WorkspaceAccess, id: string, label: Pick<LabelRow, 'name'>) => ({
  workspaceId: workspace.id,
  actorId: caller.userId,
  subjectId: id.toLowerCase(),
  subject: label.name,
});
