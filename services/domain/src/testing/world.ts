import type { WorkspaceRole } from '@taskflow/contract/workspaces';
import { type Database, one, sql } from '@taskflow/db';
import { vi } from 'vitest';
import type { CommentAccess, ProjectAccess, TaskAccess, WorkspaceAccess } from '../access/access.ts';
import { createActivityService } from '../activity/service.ts';
import { createCommentService } from '../comments/service.ts';
import { newId } from '../core/ids.ts';
import { createUnitOfWorkRunner, type UnitOfWork } from '../core/unit-of-work.ts';
import { createLabelService } from '../labels/service.ts';
import { createProjectMemberService } from '../projects/member-service.ts';
import { createProjectService } from '../projects/service.ts';
import { createSearchService } from '../search/service.ts';
import { createStatusService } from '../statuses/service.ts';
import { createTaskService } from '../tasks/service.ts';
import { openTestDatabase } from './database.ts';

/** The features of the domain over a database of their own. */
export type World = Awaited<ReturnType<typeof createWorld>>;

/** Opens a new database; `close` it in `afterAll`. */
export async function createWorld() {
  const { database, close } = await openTestDatabase();
  const units = createUnitOfWorkRunner({ database, onCommitted: () => undefined });
  const shared = { executor: database, units, newId };
  return {
    database,
    run: <Result>(work: (unit: UnitOfWork) => Promise<Result>) => units.run(work),
    projects: createProjectService(shared),
    projectMembers: createProjectMemberService(shared),
    statuses: createStatusService(shared),
    labels: createLabelService(shared),
    tasks: createTaskService(shared),
    comments: createCommentService(shared),
    activity: createActivityService(shared),
    search: createSearchService(shared),
    close,
  };
}

/** Inserts a workspace; the access is its owner's. */
export async function addWorkspace(database: Database, ownerName = 'Olga Owner'): Promise<WorkspaceAccess> {
  const id = newId();
  const slug = `w-${id}`;
  await database.query(sql`insert into workspaces (id, slug, name) values (${id}, ${slug}, 'Works')`);
  await database.query(sql`insert into workspace_slugs (slug, workspace_id) values (${slug}, ${id})`);
  await database.query(sql`insert into activity_counters (workspace_id) values (${id})`);
  return addPerson(database, { id, slug }, ownerName, 'owner');
}

/** Inserts a person of a workspace; the access is theirs. */
export async function addPerson(
  database: Database,
  workspace: { readonly id: string; readonly slug: string },
  name: string,
  role: WorkspaceRole,
): Promise<WorkspaceAccess> {
  const userId = newId();
  await database.query(sql`
    insert into users (id, email, name) values (${userId}, ${`${userId}@example.com`}, ${name})`);
  await database.query(sql`
    insert into memberships (workspace_id, user_id, role) values (${workspace.id}, ${userId}, ${role})`);
  return {
    caller: { userId, isOperator: false, credential: 'session', credentialId: newId(), scopes: ['read', 'write'] },
    workspace: { id: workspace.id, slug: workspace.slug, role },
  };
}

/** A person's access to a project, as the edge would find it now. */
export async function inProject(
  database: Database,
  access: WorkspaceAccess,
  projectId: string,
): Promise<ProjectAccess> {
  const project = await one<ProjectAccess['project']>(
    database,
    sql`
      select p.id, p.key, p.visibility, pm.role
      from projects p left join project_members pm on pm.project_id = p.id and pm.user_id = ${access.caller.userId}
      where p.id = ${projectId}`,
  );
  return { ...access, project };
}

/** Access to a task of a project. */
export const inTask = (access: ProjectAccess, taskId: string): TaskAccess => ({ ...access, task: { id: taskId } });

/** Access to a comment of a task. */
export const inComment = (access: TaskAccess, comment: { id: string; authorId: string }): CommentAccess => ({
  ...access,
  comment,
});

/** Waits until so many statements wait for the lock of another transaction. */
export async function waitForBlocked(database: Database, count: number): Promise<void> {
  const blocked = sql`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and state = 'active'`;
  await vi.waitUntil(async () => (await one<{ count: number }>(database, blocked)).count === count, {
    timeout: 10_000,
  });
}
