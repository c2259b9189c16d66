import { defaultStatuses } from '@taskflow/contract/projects';
import { type Executor, sql } from '@taskflow/db';
import { v7 } from 'uuid';
import type { ProjectAccess } from '../access/access.ts';

/** A workspace with an owner, one label and one project that has the usual statuses. */
export interface SeededProject {
  readonly userId: string;
  readonly labelId: string;
  readonly statusIds: Readonly<Record<(typeof defaultStatuses)[number]['name'], string>>;
  /** The owner's. */
  readonly access: ProjectAccess;
}

/** Inserts what tests of tasks need, apart from everything that is there. */
export async function seedProject(executor: Executor): Promise<SeededProject> {
  const [userId, workspaceId, projectId, labelId] = [v7(), v7(), v7(), v7()];
  const slug = `w-${workspaceId}`;
  await executor.query(sql`insert into users (id, email, name) values (${userId}, ${`${userId}@example.com`}, 'Olga')`);
  await executor.query(sql`insert into workspaces (id, slug, name) values (${workspaceId}, ${slug}, 'Works')`);
  await executor.query(sql`insert into activity_counters (workspace_id) values (${workspaceId})`);
  await executor.query(
    sql`insert into memberships (workspace_id, user_id, role) values (${workspaceId}, ${userId}, 'owner')`,
  );
  await executor.query(sql`
    insert into projects (id, workspace_id, key, name, color) values (${projectId}, ${workspaceId}, 'OPS', 'Operations', '#5e6ad2')`);
  await executor.query(sql`insert into task_counters (project_id) values (${projectId})`);
  await executor.query(
    sql`insert into labels (id, workspace_id, name, color) values (${labelId}, ${workspaceId}, 'bug', '#ff0000')`,
  );
  const ids = { Backlog: v7(), 'To do': v7(), 'In progress': v7(), Done: v7(), Canceled: v7() };
  for (const [position, { name, category, color }] of defaultStatuses.entries()) {
    await executor.query(sql`
      insert into statuses (id, workspace_id, project_id, name, category, color, position)
      values (${ids[name]}, ${workspaceId}, ${projectId}, ${name}, ${category}, ${color}, ${position})`);
  }
  return {
    userId,
    labelId,
    statusIds: ids,
    access: {
      caller: {
        userId,
        isOperator: false,
        credential: 'session',
        credentialId: v7(),
        scopes: ['read', 'write', 'admin'],
      },
      workspace: { id: workspaceId, slug, role: 'owner' },
      project: { id: projectId, key: 'OPS', visibility: 'workspace', role: null },
    },
  };
}
