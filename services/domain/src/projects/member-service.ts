import type { ProjectRole } from '@taskflow/contract/projects';
import { type Executor, sql } from '@taskflow/db';
import type { ProjectAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import { seesProject } from '../access/visibility.ts';
import type { Document, DocumentPage } from '../core/document.ts';
import { invalid, notFound } from '../core/errors.ts';
import { wholePage } from '../core/id-page.ts';
import { isId } from '../core/ids.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { bumpTasks, lockTasks } from '../tasks/bump.ts';
import { lockProject } from './lock.ts';
import { type Candidate, deleteMember, listMembers, lockCandidate, putMember, unassign } from './member-repository.ts';

/** People of a project. */
export interface ProjectMemberService {
  /** By name; for whoever sees the project. */
  list(access: ProjectAccess): Promise<DocumentPage>;
  /**
   * Adds a person of the workspace, or changes the role in the project. A guest of the workspace stays one here.
   *
   * @throws DomainError `forbidden`; `invalid` for somebody of outside, and for a guest with a higher role
   */
  put(unit: UnitOfWork, access: ProjectAccess, userId: string, role: ProjectRole): Promise<Document>;
  /**
   * Takes a person out. Whoever does not see the project any more is taken off its tasks.
   *
   * @throws DomainError `forbidden`, `not_found`
   */
  remove(unit: UnitOfWork, access: ProjectAccess, userId: string): Promise<void>;
}

/** People of projects; reads run on `executor`. */
export function createProjectMemberService({ executor }: { executor: Executor }): ProjectMemberService {
  return {
    list: async (access) => wholePage(await listMembers(executor, access.project.id)),

    async put(unit, access, userId, role) {
      authorize(access, 'project.manage');
      await lockProject(unit, access.project.id);
      const candidate = await find(unit, access, userId);
      if (candidate === undefined) {
        throw invalid('path.userId', 'is nobody of this workspace');
      }
      if (candidate.workspaceRole === 'guest' && role !== 'guest') {
        throw invalid('role', 'a guest of the workspace can only be a guest of its projects');
      }
      const member = await putMember(unit, placeOf(access), userId, role);
      if (candidate.role !== role) {
        const from = candidate.role === null ? {} : { from: candidate.role };
        unit.record({
          ...happened(access, userId, candidate),
          type: 'project_member.set',
          changes: { role: { ...from, to: role } },
        });
      }
      return member;
    },

    async remove(unit, access, userId) {
      authorize(access, 'project.manage');
      const { visibility } = await lockProject(unit, access.project.id);
      // Before the membership, as whoever takes a person out of the workspace does.
      const taskIds = isId(userId) ? await lockTasks(unit, assignedTo(access, userId)) : [];
      const candidate = await find(unit, access, userId);
      if (candidate === undefined || candidate.role === null) {
        throw notFound();
      }
      if (!seesProject(candidate.workspaceRole, { visibility, role: null })) {
        await unassign(unit, taskIds, userId);
        await bumpTasks(unit, taskIds);
      }
      await deleteMember(unit, access.project.id, userId);
      unit.record({
        ...happened(access, userId, candidate),
        type: 'project_member.removed',
        changes: { role: { from: candidate.role } },
      });
    },
  };
}

const placeOf = ({ workspace, project }: ProjectAccess) => ({ workspaceId: workspace.id, projectId: project.id });

async function find(unit: UnitOfWork, access: ProjectAccess, userId: string): Promise<Candidate | undefined> {
  return isId(userId) ? lockCandidate(unit, placeOf(access), userId) : undefined;
}

const assignedTo = ({ project }: ProjectAccess, userId: string) => sql`
  t.project_id = ${project.id} and exists (
    select from task_assignees a where a.task_id = t.id and a.user_id = ${userId}::uuid
  )`;

function happened({ workspace, caller, project }: ProjectAccess, userId: string, person: Candidate) {
  return {
    workspaceId: workspace.id,
    actorId: caller.userId,
    projectId: project.id,
    subjectId: userId.toLowerCase(),
    subject: person.name,
  };
}
