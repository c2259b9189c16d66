import type { Executor } from '@taskflow/db';
import type { CallerAccess, WorkspaceAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import { difference, isChange } from '../activity/changes.ts';
import type { Document, DocumentPage } from '../core/document.ts';
import { assertVersion, DomainError, invalid } from '../core/errors.ts';
import { idPage, type PageQuery } from '../core/id-page.ts';
import { isId } from '../core/ids.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { readWorkspace } from './json.ts';
import { lockWorkspace } from './lock.ts';
import { claimSlug, insertWorkspace, listWorkspaces, setDeleted, updateWorkspace } from './repository.ts';
import { slugCandidates, slugFrom } from './slug.ts';

/** Name and slug of a workspace, as far as they are given. */
export interface WorkspaceInput {
  readonly name?: string | undefined;
  readonly slug?: string | undefined;
}

/** Workspaces: each a tenant of its own. */
export interface WorkspaceService {
  list(access: CallerAccess, query: PageQuery): Promise<DocumentPage>;
  get(access: WorkspaceAccess): Promise<Document>;
  /**
   * Creates a workspace; the caller becomes its owner. Without a slug one is made of the name.
   *
   * @throws DomainError `name_taken` when the slug leads or led elsewhere
   */
  create(unit: UnitOfWork, access: CallerAccess, input: WorkspaceInput & { readonly name: string }): Promise<Document>;
  /** Changes name or slug; old slugs go on leading here. @throws DomainError `name_taken` */
  update(
    unit: UnitOfWork,
    access: WorkspaceAccess,
    input: WorkspaceInput,
    expectedVersion: number | undefined,
  ): Promise<Document>;
  delete(unit: UnitOfWork, access: WorkspaceAccess, expectedVersion: number | undefined): Promise<void>;
  /** Brings a deleted workspace back, as it was. */
  restore(unit: UnitOfWork, access: WorkspaceAccess, expectedVersion: number | undefined): Promise<Document>;
}

const slugTaken = () => new DomainError('name_taken', 'This address leads to another workspace');

function assertIsNoId(slug: string | undefined): void {
  if (slug !== undefined && isId(slug)) {
    throw invalid('slug', 'must not look like an id');
  }
}

/** @param options.newSuffix a few random letters, for slugs that are much in demand */
export function createWorkspaceService(options: {
  readonly executor: Executor;
  readonly newId: () => string;
  readonly newSuffix: () => string;
}): WorkspaceService {
  const { executor, newId, newSuffix } = options;

  async function claimAnySlug(unit: UnitOfWork, workspace: { id: string; name: string; ownerId: string }) {
    for (const slug of slugCandidates(slugFrom(workspace.name), newSuffix)) {
      if (await insertWorkspace(unit, { ...workspace, slug })) {
        return;
      }
    }
  }

  return {
    async list({ caller }, query) {
      const page = idPage(query, ['workspaces', caller.userId]);
      return page.toPage(await listWorkspaces(executor, caller.userId, page));
    },

    get: ({ caller, workspace }) => readWorkspace(executor, caller.userId, workspace.id),

    async create(unit, { caller }, { name, slug }) {
      assertIsNoId(slug);
      const workspace = { id: newId(), name, ownerId: caller.userId };
      if (slug === undefined) {
        await claimAnySlug(unit, workspace);
      } else if (!(await insertWorkspace(unit, { ...workspace, slug }))) {
        throw slugTaken();
      }
      unit.record({ workspaceId: workspace.id, type: 'workspace.created', actorId: caller.userId, subject: name });
      return readWorkspace(unit, caller.userId, workspace.id);
    },

    async update(unit, access, input, expectedVersion) {
      authorize(access, 'workspace.manage');
      assertIsNoId(input.slug);
      const { caller, workspace } = access;
      const { version, ...before } = await lockWorkspace(unit, workspace.id);
      assertVersion(version, expectedVersion);
      const { next, changes } = difference(before, input);
      if (isChange(changes)) {
        if (next.slug !== before.slug && !(await claimSlug(unit, workspace.id, next.slug))) {
          throw slugTaken();
        }
        await updateWorkspace(unit, workspace.id, next.name, next.slug);
        unit.record({
          workspaceId: workspace.id,
          type: 'workspace.updated',
          actorId: caller.userId,
          subject: next.name,
          changes,
        });
      }
      return readWorkspace(unit, caller.userId, workspace.id);
    },

    async delete(unit, access, expectedVersion) {
      authorize(access, 'workspace.delete');
      const { caller, workspace } = access;
      const { name, version } = await lockWorkspace(unit, workspace.id);
      assertVersion(version, expectedVersion);
      await setDeleted(unit, workspace.id, true);
      unit.record({ workspaceId: workspace.id, type: 'workspace.deleted', actorId: caller.userId, subject: name });
    },

    async restore(unit, access, expectedVersion) {
      authorize(access, 'workspace.delete');
      const { caller, workspace } = access;
      const { name, version } = await lockWorkspace(unit, workspace.id, 'deleted');
      assertVersion(version, expectedVersion);
      await setDeleted(unit, workspace.id, false);
      unit.record({ workspaceId: workspace.id, type: 'workspace.restored', actorId: caller.userId, subject: name });
      return readWorkspace(unit, caller.userId, workspace.id);
    },
  };
}
