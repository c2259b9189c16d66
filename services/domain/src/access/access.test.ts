import { workspaceRoles } from '@taskflow/contract/workspaces';
import { type Database, sql } from '@taskflow/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../core/ids.ts';
import { hashSecret } from '../core/secrets.ts';
import { type OpenTestDatabase, openTestDatabase } from '../testing/database.ts';
import { type SeededProject, seedProject } from '../testing/seed.ts';
import type { Caller, Credential } from './access.ts';
import { reading } from './reading.ts';
import { type AccessResolver, createAccessResolver } from './resolver.ts';
import { projectIsVisible, projectIsVisibleToMember, seesProject } from './visibility.ts';

let opened: OpenTestDatabase;
let database: Database;
let access: AccessResolver;
let world: SeededProject;
const inUse: Caller[] = [];
const statements: string[] = [];
const session = { kind: 'session', hash: hashSecret('session') } as const;
const token = { kind: 'token', hash: hashSecret('token') } as const;

beforeAll(async () => {
  opened = await openTestDatabase(({ text }) => statements.push(text));
  database = opened.database;
  access = createAccessResolver({ executor: database, onStale: (caller) => inUse.push(caller) });
  world = await seedProject(database);
  await database.query(sql`
    insert into sessions (id, user_id, token_hash, user_agent, ip, expires_at)
    values (${newId()}, ${world.userId}, ${session.hash}, '', '', now() + interval '1 hour')`);
  await database.query(sql`
    insert into api_tokens (id, user_id, name, token_hash, scopes)
    values (${newId()}, ${world.userId}, 'ci', ${token.hash}, '{read}')`);
});

afterAll(() => opened.close());

const notFound = { code: 'not_found' };

describe('who sees a project', () => {
  it('is the same in code, in the SQL of a known caller, and in the SQL across workspaces', async () => {
    const { workspace, project } = world.access;
    for (const role of workspaceRoles) {
      for (const visibility of ['workspace', 'private'] as const) {
        for (const projectRole of ['guest', null] as const) {
          const userId = newId();
          await database.query(sql`insert into users (id, name) values (${userId}, 'Somebody')`);
          await database.query(
            sql`insert into memberships (workspace_id, user_id, role) values (${workspace.id}, ${userId}, ${role})`,
          );
          await database.query(sql`update projects set visibility = ${visibility} where id = ${project.id}`);
          if (projectRole !== null) {
            await database.query(sql`
              insert into project_members (workspace_id, project_id, user_id, role)
              values (${workspace.id}, ${project.id}, ${userId}, ${projectRole})`);
          }
          const caller = { ...world.access.caller, userId };
          const [known] = await database.query<{ seen: boolean }>(sql`
            select ${projectIsVisible({ caller, workspace: { ...workspace, role } })} as seen
            from projects p where p.id = ${project.id}`);
          const [across] = await database.query<{ seen: boolean }>(sql`
            select ${projectIsVisibleToMember} as seen
            from projects p join memberships m on m.workspace_id = p.workspace_id and m.user_id = ${userId}
            where p.id = ${project.id}`);
          const expected = seesProject(role, { visibility, role: projectRole });
          expect([role, visibility, projectRole, known?.seen, across?.seen]).toEqual([
            role,
            visibility,
            projectRole,
            expected,
            expected,
          ]);
        }
      }
    }
    await database.query(sql`update projects set visibility = 'workspace' where id = ${project.id}`);
  });
});

describe('the access resolver', () => {
  it('knows a session with every scope, and a token with its own', async () => {
    expect((await access.caller(session)).caller).toMatchObject({
      userId: world.userId,
      credential: 'session',
      scopes: ['read', 'write', 'admin'],
    });
    expect((await access.caller(token)).caller).toMatchObject({ credential: 'token', scopes: ['read'] });
  });

  it('tells that a credential is in use when that was not written down lately', async () => {
    inUse.length = 0;
    await access.caller(session);
    await access.caller(token);
    expect(inUse.map(({ credential }) => credential)).toEqual(['token']);
    await database.query(sql`update sessions set last_used_at = now() - interval '2 minutes'`);
    await access.caller(session);
    expect(inUse.map(({ credential }) => credential)).toEqual(['token', 'session']);
  });

  it.each([
    ['sessions', sql`update sessions set revoked_at = now()`, sql`update sessions set revoked_at = null`],
    [
      'sessions',
      sql`update sessions set expires_at = now()`,
      sql`update sessions set expires_at = now() + interval '1 hour'`,
    ],
  ])('refuses what has ended in %s', async (_, end, undo) => {
    await database.query(end);
    await expect(access.caller(session)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(access.workspace(session, world.access.workspace.id)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await database.query(undo);
    await expect(access.caller(session)).resolves.toBeDefined();
  });

  it('finds a workspace by id, slug and former slug', async () => {
    const { id, slug } = world.access.workspace;
    await database.query(
      sql`insert into workspace_slugs (slug, workspace_id) values (${slug}, ${id}), ('former', ${id})`,
    );
    for (const ref of [id, id.toUpperCase(), slug, 'former']) {
      expect((await access.workspace(session, ref)).workspace).toEqual({ id, slug, role: 'owner' });
    }
    for (const ref of ['nobody', newId(), '', "' or 1=1 --"]) {
      await expect(access.workspace(session, ref)).rejects.toMatchObject(notFound);
    }
  });

  it('finds a project and a task by id, and by key in a workspace', async () => {
    const { workspace, project } = world.access;
    await database.query(sql`
      insert into project_keys (workspace_id, key, project_id)
      values (${workspace.id}, 'OPS', ${project.id}), (${workspace.id}, 'OLD', ${project.id})`);
    const taskId = newId();
    await database.query(sql`
      insert into tasks (id, workspace_id, project_id, number, title, status_id, category, rank, created_by)
      values (${taskId}, ${workspace.id}, ${project.id}, 7, 'Seven', ${world.statusIds.Backlog}, 'backlog', 'a', ${world.userId})`);
    for (const ref of ['OPS', 'old']) {
      expect((await access.project(session, ref, { workspace: workspace.slug })).project.id).toBe(project.id);
    }
    for (const ref of ['OPS-7', 'old-7']) {
      expect((await access.task(session, ref, { workspace: workspace.id })).task.id).toBe(taskId);
    }
    expect((await access.task(session, taskId)).project.key).toBe('OPS');
    await expect(access.task(session, 'OPS-7')).rejects.toMatchObject(notFound);
    await expect(access.task(session, 'OPS-8', { workspace: workspace.id })).rejects.toMatchObject(notFound);
    await expect(access.task(session, taskId, { deleted: true })).rejects.toMatchObject(notFound);
  });

  it('reads along what is asked for, in one statement, and tells it only to who sees the project', async () => {
    const { project } = world.access;
    const ask = (credential: Credential, ref: string) =>
      access.projectWith(
        credential,
        ref,
        {},
        reading({
          name: undefined,
          tables: sql`named as (select p.name from access join projects p on p.id = access.project_id)`,
          select: sql`select string_agg(named.name, ',') as names from named`,
          toResult: (row: { names: string | null }) => row.names,
        }),
      );
    const before = statements.length;
    const seen = await ask(session, project.id);
    expect(statements.slice(before)).toHaveLength(1);
    expect(seen).toEqual({ access: await access.project(session, project.id), result: 'Operations' });

    const stranger = await seedProject(database);
    await expect(ask(session, stranger.access.project.id)).rejects.toMatchObject(notFound);
    await expect(ask(session, newId())).rejects.toMatchObject(notFound);
    await expect(ask({ ...session, hash: hashSecret('nobody') }, project.id)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  it('does not find what stands in another tenant, or in a deleted one', async () => {
    const other = await seedProject(database);
    await expect(access.workspace(session, other.access.workspace.id)).rejects.toMatchObject(notFound);
    await expect(access.project(session, other.access.project.id)).rejects.toMatchObject(notFound);
    const { id } = world.access.workspace;
    await database.query(sql`update workspaces set deleted_at = now() where id = ${id}`);
    await expect(access.workspace(session, id)).rejects.toMatchObject(notFound);
    await expect(access.project(session, world.access.project.id)).rejects.toMatchObject(notFound);
    expect((await access.workspace(session, id, { deleted: true })).workspace.role).toBe('owner');
  });
});
