import { sql } from '@taskflow/db';
import { createMailQueue, createReportService, newId, newSecret, reportGenerate } from '@taskflow/domain';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createExchangeWorld, type ExchangeWorld } from '../testing/exchange-world.ts';
import { createReportGenerateHandler } from './handler.ts';

let world: ExchangeWorld;
const dayMs = 86_400_000;
const daysAgo = (days: number): Date => new Date(Date.now() - days * dayMs);
const resultSchema = z.object({ csvId: z.string(), htmlId: z.string(), title: z.string() }).loose();

beforeAll(async () => {
  world = await createExchangeWorld();
  const { database, workspaceId } = world;
  const max = await world.person('=Max <b>', 'member');
  const assign = (taskId: string) =>
    database.query(sql`
      insert into task_assignees (workspace_id, task_id, user_id) values (${workspaceId}, ${taskId}, ${max})`);
  await assign(await world.task({ title: 'Done this week', status: 'Done', completedAt: daysAgo(2) }));
  await assign(await world.task({ title: 'Done long ago', status: 'Done', completedAt: daysAgo(40) }));
  await assign(await world.task({ title: '<script>late</script>', dueAt: daysAgo(3) }));
  await world.task({ title: 'Of nobody' });
  const deleted = await world.task({ title: 'Deleted', dueAt: daysAgo(3) });
  await database.query(sql`update tasks set deleted_at = now() where id = ${deleted}`);
  await database.query(sql`update tasks set created_at = now() - interval '3 days'`);
  const hidden = newId();
  await database.query(sql`
    insert into projects (id, workspace_id, key, name, color, visibility)
    values (${hidden}, ${workspaceId}, 'SEC', 'Secret', '#000000', 'private')`);
});
afterEach(async () => {
  await world.engines.clear();
});
afterAll(() => world.close());

const start = () =>
  world.start([
    createReportGenerateHandler({
      units: world.units,
      reports: createReportService({
        ...world,
        mails: createMailQueue({ newId, newSecret, provider: undefined }),
        publicUrl: 'https://taskflow.test',
      }),
    }),
  ]);

async function report(payload: Parameters<typeof world.ask<z.infer<typeof reportGenerate.payload>>>[1], by?: string) {
  const jobId = await world.ask(reportGenerate, payload, by);
  await start();
  const result = resultSchema.parse((await world.until(jobId, 'succeeded')).result);
  return { result, csv: String(await world.read(result.csvId)), html: String(await world.read(result.htmlId)) };
}

describe('report.generate', () => {
  it('counts what a team did in a week, by person and by project', async () => {
    const { workspaceId } = world;
    const { result, csv, html } = await report({ kind: 'weekly', workspaceId, timeZone: 'Europe/Berlin' });
    expect(result).toMatchObject({ title: 'The week of Works', done: 1, created: 4, open: 2, overdue: 1 });
    expect(csv).toContain("'=Max <b>,1,3,1,1\r\n");
    expect(csv).toContain('Nobody,0,1,1,0\r\n');
    expect(csv).toContain('OPS Operations,1,4,2,1\r\n');
    expect(csv).toContain('SEC Secret,0,0,0,0\r\n');
    expect(html).not.toContain('<script>');
    expect(html).toContain('&lt;script&gt;late&lt;/script&gt;');
    expect(html).toContain('=Max &lt;b&gt;');
  });

  it('tells a member nothing of projects that they do not see', async () => {
    const eva = await world.person('Eva', 'member');
    const { csv } = await report({ kind: 'weekly', workspaceId: world.workspaceId }, eva);
    expect(csv).toContain('OPS Operations');
    expect(csv).not.toContain('Secret');
  });

  it('says where a project is', async () => {
    const { result, csv } = await report({ kind: 'project-status', projectId: world.projectId });
    expect(result).toMatchObject({ title: 'Status of Operations', open: 2, overdue: 1 });
    expect(csv).toContain('To do,unstarted,2\r\n');
    expect(csv).toContain('Done,completed,2\r\n');
    expect(csv).toContain('OPS-3,<script>late</script>,');
  });

  it('is mailed once where that was asked for', async () => {
    await report({ kind: 'weekly', workspaceId: world.workspaceId, mail: true });
    const mails = await world.database.query(sql`select kind, to_address, text from mails`);
    expect(mails).toEqual([
      {
        kind: 'report',
        to_address: 'olga@example.com',
        text: expect.stringContaining('https://taskflow.test/w/works/'),
      },
    ]);
  });

  it('ends with its schedules for who is not in the workspace any more', async () => {
    const { database, workspaceId } = world;
    const guest = await world.person('Gus', 'guest');
    const payload = { kind: 'weekly' as const, workspaceId, timeZone: 'UTC', mail: true };
    for (const by of [guest, world.ownerId]) {
      await database.query(sql`
        insert into schedules (id, workspace_id, type, payload, cron, time_zone, created_by)
        values (${newId()}, ${workspaceId}, 'report.generate', ${JSON.stringify(payload)}, '0 8 * * 1', 'UTC', ${by})`);
    }
    const jobId = await world.ask(reportGenerate, payload, guest);
    await start();
    expect(await world.until(jobId, 'quarantined')).toMatchObject({ attempt: 1, errorCode: 'FORBIDDEN' });
    expect(await database.query(sql`select created_by from schedules`)).toEqual([{ created_by: world.ownerId }]);
  });
});
