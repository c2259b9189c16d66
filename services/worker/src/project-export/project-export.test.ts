import { sql } from '@taskflow/db';
import { createExportService, newId, projectExport } from '@taskflow/domain';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { countOf, createExchangeWorld, type ExchangeWorld, unzip } from '../testing/exchange-world.ts';
import { createProjectExportHandler } from './handler.ts';

let world: ExchangeWorld;

beforeAll(async () => {
  world = await createExchangeWorld();
});
afterEach(async () => {
  await world.engines.clear();
});
afterAll(() => world.close());

const start = () =>
  world.start([
    createProjectExportHandler({
      units: world.units,
      exports: createExportService({ ...world, now: () => new Date('2026-03-04T05:06:07.008Z') }),
    }),
  ]);

const exported = z.object({
  format: z.string(),
  project: z.object({ key: z.string() }),
  statuses: z.array(z.unknown()),
  tasks: z.array(z.object({ id: z.string(), title: z.string(), description: z.string() })),
  comments: z.array(z.object({ body: z.string(), taskId: z.string() })),
  links: z.array(z.unknown()),
});

async function runExport(): Promise<{ files: Map<string, string>; result: unknown }> {
  const jobId = await world.ask(projectExport, { projectId: world.projectId });
  await start();
  const { result } = await world.until(jobId, 'succeeded');
  const { zipId } = z.object({ zipId: z.string() }).parse(result);
  return { files: unzip(await world.read(zipId)), result };
}

describe('project.export', () => {
  it('writes everything of a project, however much, and nothing of another one', async () => {
    const { database, workspaceId, ownerId } = world;
    const cmd = await world.task({ title: '=cmd|/c calc', description: 'a "quoted"\nline, and more' });
    const other = await world.task({ title: 'Ünïcode 🚀', status: 'Done' });
    for (let count = 0; count < 230; count += 1) {
      await world.task({ title: `Task ${count}` });
      await database.query(sql`
        insert into comments (id, workspace_id, task_id, author_id, body)
        values (${newId()}, ${workspaceId}, ${cmd}, ${ownerId}, ${`Comment ${count}`})`);
    }
    await database.query(sql`
      insert into task_links (id, workspace_id, type, from_task_id, to_task_id, created_by)
      values (${newId()}, ${workspaceId}, 'blocks', ${cmd}, ${other}, ${ownerId})`);
    const deleted = await world.task({ title: 'Deleted' });
    await database.query(sql`update tasks set deleted_at = now() where id = ${deleted}`);

    const { files, result } = await runExport();
    expect(result).toMatchObject({ fileName: 'OPS-2026-03-04.zip' });
    expect([...files.keys()]).toEqual(['project.json', 'tasks.csv']);
    const json = exported.parse(JSON.parse(files.get('project.json') ?? ''));
    expect(json).toMatchObject({ format: 'taskflow-project', project: { key: 'OPS' } });
    expect(json.statuses).toHaveLength(5);
    expect(json.tasks).toHaveLength(232);
    expect(new Set(json.tasks.map(({ id }) => id)).size).toBe(232);
    expect(json.tasks[0]).toMatchObject({ id: cmd, title: '=cmd|/c calc', description: 'a "quoted"\nline, and more' });
    expect(new Set(json.comments.map(({ body }) => body)).size).toBe(230);
    expect(json.links).toMatchObject([{ type: 'blocks', fromTaskId: cmd, toTaskId: other, toTaskKey: 'OPS-2' }]);

    const csv = files.get('tasks.csv') ?? '';
    expect(csv.startsWith('\uFEFFKey,Title,')).toBe(true);
    expect(csv).toContain(`OPS-1,'=cmd|/c calc,"a ""quoted""\nline, and more",To do,none,`);
    expect(csv).toContain('OPS-2,Ünïcode 🚀,,Done,');
    expect(csv).not.toContain('Deleted');
  });

  it('keeps its file for a week, and only when the job is done', async () => {
    const { result } = await runExport();
    const rows = await world.database.query(sql`
      select expires_at > now() + interval '6 days' as "isKept" from blobs where id = (${JSON.stringify(result)}::jsonb->>'zipId')::uuid`);
    expect(rows).toEqual([{ isKept: true }]);
  });

  it('is refused for good to who may not have it any more, and leaves no file', async () => {
    const files = await countOf(world.database, 'blobs');
    const member = await world.person('Max', 'member');
    const refused = await world.ask(projectExport, { projectId: world.projectId }, member);
    const stranger = newId();
    await world.database.query(sql`insert into users (id, name) values (${stranger}, 'Stranger')`);
    const missing = await world.ask(projectExport, { projectId: world.projectId }, stranger);
    await start();
    expect(await world.until(refused, 'quarantined')).toMatchObject({ attempt: 1, errorCode: 'FORBIDDEN' });
    expect(await world.until(missing, 'quarantined')).toMatchObject({ attempt: 1, errorCode: 'NOT_FOUND' });
    expect(await countOf(world.database, 'blobs')).toBe(files);
  });

  it('stops when it is canceled in the middle, and leaves no file', async () => {
    const files = await countOf(world.database, 'blobs');
    const signal = AbortSignal.abort(new Error('canceled'));
    const service = createExportService({ ...world, now: () => new Date() });
    const caller = {
      userId: world.ownerId,
      isOperator: false,
      credential: 'session',
      credentialId: '',
      scopes: [],
    } as const;
    const writing = service.write(caller, { projectId: world.projectId }, { signal, onProgress: () => undefined });
    await expect(writing).rejects.toThrow('canceled');
    expect(await countOf(world.database, 'blobs')).toBe(files);
    expect(world.database.stats().used).toBe(0);
  });
});
