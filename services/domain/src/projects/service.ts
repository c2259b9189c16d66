import type { Body } from '@taskflow/contract/api';
import { type Executor, isForeignKeyViolation, isUniqueViolation } from '@taskflow/db';
import type { ProjectAccess, WorkspaceAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import { difference, isChange } from '../activity/changes.ts';
import type { Document, DocumentPage } from '../core/document.ts';
import { assertVersion, DomainError, notFound } from '../core/errors.ts';
import type { PageQuery } from '../core/id-page.ts';
import { keyPage } from '../core/key-page.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { insertDefaultStatuses } from '../statuses/default-statuses.ts';
import { lockProject } from './lock.ts';
import { unassignOutsiders } from './member-repository.ts';
import {
  bumpTasksOfProject,
  claimKey,
  insertProject,
  listProjects,
  lockDeletedProject,
  readProject,
  setDeleted,
  updateProject,
} from './repository.ts';

/** Projects: what tasks belong to, and who sees them. */
export interface ProjectService {
  /** Those that the caller sees, by name. */
  list(access: WorkspaceAccess, query: PageQuery): Promise<DocumentPage>;
  get(access: ProjectAccess): Promise<Document>;
  /** With the usual statuses; the caller leads it. @throws DomainError `forbidden`, `key_taken` */
  create(unit: UnitOfWork, access: WorkspaceAccess, input: Body<'POST /workspaces/{id}/projects'>): Promise<Document>;
  /**
   * Changes settings. A new key stands in the key of every task; the old one goes on leading here. Whoever does not
   * see the project any more is taken off its tasks.
   *
   * @throws DomainError `forbidden`, `stale_version`, `key_taken`
   */
  update(
    unit: UnitOfWork,
    access: ProjectAccess,
    patch: Body<'PATCH /projects/{id}'>,
    expectedVersion: number | undefined,
  ): Promise<Document>;
  /** Hides the project and all that is in it; restorable. @throws DomainError `forbidden`, `stale_version` */
  remove(unit: UnitOfWork, access: ProjectAccess, expectedVersion: number | undefined): Promise<void>;
  /** @param access of the deleted project @throws DomainError `forbidden` */
  restore(unit: UnitOfWork, access: ProjectAccess): Promise<Document>;
}

const defaultColor = '#5e6ad2';

const keyTaken = (key: string) =>
  new DomainError('key_taken', `${key} leads, or once led, to another project of this workspace`, {
    fields: [{ path: 'key', message: 'is already used in the workspace' }],
  });

const isKeyViolation = (error: unknown) =>
  isUniqueViolation(error, 'projects_workspace_id_key_key') || isUniqueViolation(error, 'project_keys_pkey');

/** @param options.newId makes ids of new rows */
export function createProjectService(options: { executor: Executor; newId: () => string }): ProjectService {
  const { executor, newId } = options;

  return {
    async list(access, query) {
      const page = keyPage(query, ['projects', access.workspace.id], () => true);
      return page.toPage(await listProjects(executor, access, page));
    },

    get: (access) => readProject(executor, access.project.id, access.caller.userId),

    async create(unit, access, input) {
      authorize(access, 'project.create');
      const { name, key } = input;
      const workspaceId = access.workspace.id;
      const id = newId();
      const actorId = access.caller.userId;
      try {
        await insertProject(unit, {
          id,
          workspaceId,
          name,
          key,
          description: input.description ?? '',
          color: input.color ?? defaultColor,
          visibility: input.visibility ?? 'workspace',
          leadId: actorId,
          statuses: insertDefaultStatuses({ workspaceId, projectId: id, newId }),
        });
      } catch (error) {
        if (isKeyViolation(error)) {
          throw keyTaken(key);
        }
        // Taken out of the workspace a moment ago.
        throw isForeignKeyViolation(error, 'project_members_workspace_id_user_id_fkey') ? notFound() : error;
      }
      unit.record({ workspaceId, type: 'project.created', actorId, projectId: id, subject: name });
      return readProject(unit, id, actorId);
    },

    async update(unit, access, patch, expectedVersion) {
      authorize(access, 'project.manage');
      const { id } = access.project;
      const { version, ...current } = await lockProject(unit, id);
      assertVersion(version, expectedVersion);
      const { next, changes } = difference(current, patch, ['description']);
      if (isChange(changes)) {
        if (changes['key'] !== undefined && !(await claimKey(unit, access.workspace.id, next.key, id))) {
          throw keyTaken(next.key);
        }
        await updateProject(unit, id, next);
        if (changes['key'] !== undefined) {
          await bumpTasksOfProject(unit, id);
        }
        if (changes['visibility'] !== undefined) {
          await unassignOutsiders(unit, id);
        }
        unit.record({ ...happened(access), type: 'project.updated', subject: next.name, changes });
      }
      return readProject(unit, id, access.caller.userId);
    },

    async remove(unit, access, expectedVersion) {
      authorize(access, 'project.manage');
      const { version, name } = await lockProject(unit, access.project.id);
      assertVersion(version, expectedVersion);
      await setDeleted(unit, access.project.id, true);
      unit.record({ ...happened(access), type: 'project.deleted', subject: name });
    },

    async restore(unit, access) {
      authorize(access, 'project.manage');
      const deleted = await lockDeletedProject(unit, access.project.id);
      if (deleted === undefined) {
        throw notFound();
      }
      await setDeleted(unit, access.project.id, false);
      unit.record({ ...happened(access), type: 'project.restored', subject: deleted.name });
      return readProject(unit, access.project.id, access.caller.userId);
    },
  };
}

const happened = ({ workspace, caller, project }: ProjectAccess) => ({
  workspaceId: workspace.id,
  actorId: caller.userId,
  projectId: project.id,
});
