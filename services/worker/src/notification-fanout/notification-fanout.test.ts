import { one, sql } from '@taskflow/db';
import {
  createLiveSource,
  createMailQueue,
  createNotificationFanOut,
  createNotificationSender,
  createUnitOfWorkRunner,
  createWebhookDeliveries,
  newId,
  newSecret,
  notificationFanout,
} from '@taskflow/domain';
import { acceptJobs, newJob } from '@taskflow/jobs';
import { createEngineWorld, type EngineWorld } from '@taskflow/jobs/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createNotificationFanoutHandler } from './handler.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await createEngineWorld();
});
afterEach(() => world.clear());
afterAll(() => world.close());

/** Runs jobs; the webhooks' part fails as often as told. */
async function start(failures = 0): Promise<void> {
  const { database } = world;
  const deliveries = createWebhookDeliveries({
    executor: database,
    newId,
    eventsIn: (executor) => createLiveSource({ executor }),
    userAgent: 'test',
  });
  const mails = createMailQueue({ newId, newSecret, provider: undefined });
  const sender = createNotificationSender({ newId, now: () => new Date(), mails });
  const notifications = createNotificationFanOut({ sender, publicUrl: 'https://taskflow.test' });
  let failuresLeft = failures;
  const handler = createNotificationFanoutHandler({
    units: createUnitOfWorkRunner({ database, onCommitted: () => undefined }),
    deliveries,
    recurrences: { fanOut: async () => 0 },
    notifications: {
      async fanOut(unit, range) {
        const told = await notifications.fanOut(unit, range);
        if (failuresLeft > 0) {
          failuresLeft -= 1;
          throw new Error('broken off');
        }
        return told;
      },
    },
  });
  await world.start([handler]);
}

/** A workspace in which Olga assigned a new task to Mia so many times; answers Mia's id. */
async function assigned(times: number): Promise<{ workspaceId: string; miaId: string }> {
  const { database } = world;
  const workspaceId = await world.workspace();
  const [olgaId, miaId, projectId, statusId] = [newId(), newId(), newId(), newId()];
  for (const [id, name] of [
    [olgaId, 'Olga'],
    [miaId, 'Mia'],
  ] as const) {
    await database.query(sql`
      insert into users (id, email, name, email_verified_at) values (${id}, ${`${id}@people.dev`}, ${name}, now())`);
    await database.query(sql`
      insert into memberships (workspace_id, user_id, role) values (${workspaceId}, ${id}, 'member')`);
  }
  await database.query(sql`
    insert into projects (id, workspace_id, key, name, color) values (${projectId}, ${workspaceId}, 'OPS', 'Ops', '#123456')`);
  await database.query(sql`
    insert into statuses (id, workspace_id, project_id, name, category, color, position)
    values (${statusId}, ${workspaceId}, ${projectId}, 'To do', 'unstarted', '#123456', 0)`);
  await database.query(sql`
    insert into tasks (id, workspace_id, project_id, number, title, status_id, category, rank, created_by)
    select gen_random_uuid(), ${workspaceId}, ${projectId}, n, 'Task ' || n, ${statusId}, 'unstarted', n::text, ${olgaId}
    from generate_series(1, ${times}::int) n`);
  await database.query(sql`
    insert into activity (workspace_id, number, type, actor_id, project_id, task_id, subject, changes)
    select ${workspaceId}, t.number, 'task.created', ${olgaId}, ${projectId}, t.id, t.title,
      ${JSON.stringify({ assigneeIds: { to: [miaId] } })}::jsonb
    from tasks t where t.workspace_id = ${workspaceId}`);
  return { workspaceId, miaId };
}

async function accept(workspaceId: string, toNumber: number): Promise<string> {
  const jobId = newId();
  const payload = { workspaceId, fromNumber: 1, toNumber };
  await acceptJobs(world.database, [newJob(jobId, notificationFanout, payload, { workspaceId })]);
  return jobId;
}

const told = (userId: string) =>
  one<{ notifications: number; mails: number }>(
    world.database,
    sql`
      select (select count(*)::int from notifications where user_id = ${userId}) as notifications,
        (select count(*)::int from mails where user_id = ${userId}) as mails`,
  );

it('tells people in the transaction that ends the job: an attempt that fails tells nobody, and nobody twice', async () => {
  const { workspaceId, miaId } = await assigned(1);
  const jobId = await accept(workspaceId, 1);
  await start(2);
  expect(await world.until(jobId, 'succeeded')).toMatchObject({ attempt: 3, result: { notifications: 1 } });
  expect(await told(miaId)).toEqual({ notifications: 1, mails: 1 });
  await world.until(await accept(workspaceId, 1), 'succeeded');
  expect(await told(miaId)).toEqual({ notifications: 1, mails: 1 });
});

it('goes through a large import piece by piece, without a mail for each task', async () => {
  const { workspaceId, miaId } = await assigned(1_050);
  await accept(workspaceId, 1_050);
  await start();
  const pieces = (await world.settled()).map(({ result }) => result);
  expect(pieces).toEqual([500, 500, 50].map((notifications) => ({ deliveries: 0, notifications, repeated: 0 })));
  expect(await told(miaId)).toEqual({ notifications: 1_050, mails: 20 });
});
