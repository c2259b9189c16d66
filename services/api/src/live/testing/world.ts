import { randomUUID } from 'node:crypto';
import type { ActivityType } from '@taskflow/contract/activity';
import type { WorkspaceRole } from '@taskflow/contract/workspaces';
import { type Database, type Sql, sql } from '@taskflow/db';
import type { ActivityEntry, UnitOfWorkRunner, WorkspaceAccess } from '@taskflow/domain';

/** A person of the world with a session. */
export interface Person {
  readonly userId: string;
  readonly access: WorkspaceAccess;
}

/** A project of the world with the one status it needs. */
export interface TestProject {
  readonly id: string;
  readonly statusId: string;
}

/** One workspace, made of plain rows: what live events read, and nothing else. */
export interface World {
  readonly workspaceId: string;
  person(role: WorkspaceRole): Promise<Person>;
  project(visibility: 'workspace' | 'private', people?: readonly Person[]): Promise<TestProject>;
  run(statement: Sql): Promise<void>;
}

/** Creates a workspace with its owner. */
export async function createWorld(database: Database): Promise<World & { readonly owner: Person }> {
  const workspaceId = randomUUID();
  const slug = `world-${workspaceId}`;
  const run = async (statement: Sql): Promise<void> => void (await database.query(statement));

  async function person(role: WorkspaceRole): Promise<Person> {
    const [userId, sessionId] = [randomUUID(), randomUUID()];
    await run(sql`insert into users (id, email, name) values (${userId}, ${`${userId}@example.test`}, 'Somebody')`);
    await run(sql`
      insert into sessions (id, user_id, token_hash, user_agent, ip, expires_at)
      values (${sessionId}, ${userId}, ${Buffer.from(sessionId)}, 'test', '127.0.0.1', now() + interval '1 day')`);
    await run(sql`insert into memberships (workspace_id, user_id, role) values (${workspaceId}, ${userId}, ${role})`);
    return {
      userId,
      access: {
        caller: { userId, isOperator: false, credential: 'session', credentialId: sessionId, scopes: ['read'] },
        workspace: { id: workspaceId, slug, role },
      },
    };
  }

  async function project(visibility: 'workspace' | 'private', people: readonly Person[] = []): Promise<TestProject> {
    const [id, statusId] = [randomUUID(), randomUUID()];
    await run(sql`
      insert into projects (id, workspace_id, key, name, color, visibility)
      values (${id}, ${workspaceId}, ${`P${id.slice(0, 8).toUpperCase()}`}, 'Project', '#112233', ${visibility})`);
    await run(sql`
      insert into statuses (id, workspace_id, project_id, name, category, color, position)
      values (${statusId}, ${workspaceId}, ${id}, 'To do', 'unstarted', '#112233', 1)`);
    for (const { userId } of people) {
      await run(sql`
        insert into project_members (workspace_id, project_id, user_id, role)
        values (${workspaceId}, ${id}, ${userId}, 'member')`);
    }
    return { id, statusId };
  }

  await run(sql`insert into workspaces (id, slug, name) values (${workspaceId}, ${slug}, 'World')`);
  await run(sql`insert into activity_counters (workspace_id) values (${workspaceId})`);
  return { workspaceId, person, project, run, owner: await person('owner') };
}

/** Changes the world through one process, which wakes its live events as the product does. */
export interface Changes {
  /** Records something, together with the rows that it is about. */
  record(type: ActivityType, about?: Partial<ActivityEntry>, ...rows: readonly Sql[]): Promise<void>;
  /** Creates a task, and says so. Answers its id. */
  task(project: TestProject, title: string): Promise<string>;
}

/** See {@link Changes}. */
export function changesBy(actor: Person, world: World, units: UnitOfWorkRunner): Changes {
  let created = 0;

  async function record(type: ActivityType, about: Partial<ActivityEntry> = {}, ...rows: readonly Sql[]) {
    await units.run(async (unit) => {
      for (const row of rows) {
        await unit.query(row);
      }
      unit.record({ workspaceId: world.workspaceId, actorId: actor.userId, type, ...about });
    });
  }

  return {
    record,
    async task(project, title) {
      const id = randomUUID();
      created += 1;
      await record(
        'task.created',
        { projectId: project.id, taskId: id, subject: title },
        sql`
          insert into tasks (
            id, workspace_id, project_id, number, title, status_id, category, rank, created_by
          )
          select ${id}, ${world.workspaceId}, ${project.id}, coalesce(max(number), 0) + 1, ${title},
            ${project.statusId}, 'unstarted', ${`a${created}`}, ${actor.userId}
          from tasks where project_id = ${project.id}`,
      );
      return id;
    },
  };
}
