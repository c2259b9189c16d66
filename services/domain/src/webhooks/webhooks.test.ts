import { liveEventSchema } from '@taskflow/contract/activity';
import {
  deliverySchema,
  webhookSchema,
  webhookWithHealthSchema,
  webhookWithSecretSchema,
} from '@taskflow/contract/webhooks';
import { type Executor, one, sql } from '@taskflow/db';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ProjectAccess, WorkspaceAccess } from '../access/access.ts';
import { newId } from '../core/ids.ts';
import { createLiveSource } from '../index.ts';
import { addPerson, addWorkspace, createWorld, inProject, type World } from '../testing/world.ts';
import { createWebhookDeliveries, type WebhookDeliveries } from './delivery-service.ts';
import { createWebhookMessageService, type WebhookMessageService } from './message-service.ts';
import { createWebhookService, type WebhookService } from './service.ts';

const eventsIn = (executor: Executor) => createLiveSource({ executor });

let world: World;
let owner: WorkspaceAccess;
let project: ProjectAccess;
let webhooks: WebhookService;
let messages: WebhookMessageService;
let deliveries: WebhookDeliveries;

beforeAll(async () => {
  world = await createWorld();
  webhooks = createWebhookService({ executor: world.database, newId });
  messages = createWebhookMessageService({ executor: world.database, newId });
  deliveries = createWebhookDeliveries({ executor: world.database, newId, eventsIn, userAgent: 'test' });
});

beforeAll(async () => {
  owner = await addWorkspace(world.database);
  const { id } = await world.run((unit) => world.projects.create(unit, owner, { name: 'Hooks', key: 'HOOK' }));
  project = await inProject(world.database, owner, id);
});

afterAll(() => world.close());

const create = async (input: { url: string; eventTypes?: ('task.created' | 'task.moved')[] }, access = owner) =>
  webhookWithSecretSchema.parse(JSON.parse((await world.run((unit) => webhooks.create(unit, access, input))).json));

const health = async (webhookId: string) =>
  webhookWithHealthSchema.parse(JSON.parse((await webhooks.get(owner, webhookId)).json)).health;

const deliveriesOf = async (webhookId: string) => {
  const access = { ...owner, webhook: { id: webhookId } };
  return deliverySchema.array().parse(JSON.parse((await messages.listDeliveries(access, { limit: 50 })).items));
};

/** Runs the fan-out of everything that happened in the workspace. */
async function fanOut(): Promise<number> {
  const workspaceId = owner.workspace.id;
  const { last } = await one<{ last: number }>(
    world.database,
    sql`select last_number as last from activity_counters where workspace_id = ${workspaceId}`,
  );
  return world.run((unit) => deliveries.fanOut(unit, { workspaceId, fromNumber: 1, toNumber: last }));
}

/** Sets the job of the webhook's newest delivery back as the engine does when the breaker is open. */
const quarantine = (webhookId: string) =>
  world.database.query(sql`
    update jobs set state = 'quarantined', reason = 'breaker', breaker_key = ${`webhook.deliver@${webhookId}:HTTP_503`}
    where scope = ${webhookId} and state = 'pending'`);

const jobsOf = (webhookId: string) =>
  world.database.query<{ state: string; is_probe: boolean; discard_reason: string | null }>(
    sql`select state, is_probe, discard_reason from jobs where scope = ${webhookId} order by id`,
  );

describe('a webhook', () => {
  it('shows its secret when it is made and when it is rotated, and never again', async () => {
    const made = await create({ url: 'https://example.com/a' });
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    const rotated = webhookWithSecretSchema.parse(
      JSON.parse((await world.run((unit) => webhooks.rotateSecret(unit, owner, made.id))).json),
    );
    expect(rotated.secret).not.toBe(made.secret);
    expect(rotated.previousSecretUntil).not.toBeNull();
    expect((await webhooks.get(owner, made.id)).json).not.toContain('whsec_');
    expect((await webhooks.list(owner)).items).not.toContain('whsec_');
  });

  it('is seen and changed by owners and admins only', async () => {
    const member = await addPerson(world.database, owner.workspace, 'Mia', 'member');
    await expect(webhooks.list(member)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(create({ url: 'https://example.com/b' }, member)).rejects.toMatchObject({ code: 'forbidden' });
    const admin = await addPerson(world.database, owner.workspace, 'Ada', 'admin');
    await expect(create({ url: 'https://example.com/b' }, admin)).resolves.toMatchObject({ isActive: true });
  });

  it('counts a version for a change, and none for a repetition', async () => {
    const { id } = await create({ url: 'https://example.com/c' });
    const update = async (patch: object, version?: number) =>
      webhookSchema.parse(JSON.parse((await world.run((u) => webhooks.update(u, owner, id, patch, version))).json));
    expect(await update({ description: 'New' }, 1)).toMatchObject({ description: 'New', version: 2 });
    expect(await update({ description: 'New' }, 2)).toMatchObject({ version: 2 });
    await expect(update({ url: 'https://example.com/d' }, 1)).rejects.toMatchObject({ code: 'stale_version' });
  });

  it.each([
    ['removed', (id: string) => world.run((unit) => webhooks.remove(unit, owner, id, undefined)), 'webhook_deleted'],
    [
      'turned off',
      (id: string) => world.run((unit) => webhooks.update(unit, owner, id, { isActive: false }, undefined)),
      'webhook_disabled',
    ],
    ['gone', (id: string) => world.run((unit) => deliveries.gone(unit, id, 'https://example.com/e')), 'endpoint_gone'],
  ])('discards what was not delivered when it is %s', async (_, end, reason) => {
    const { id } = await create({ url: 'https://example.com/e' });
    await world.run((unit) => messages.ping(unit, owner, id));
    const [delivery] = await deliveriesOf(id);
    await end(id);
    expect(await jobsOf(id)).toMatchObject([{ state: 'discarded', discard_reason: reason }]);
    expect(await deliveries.toSend(delivery?.id ?? '', new Date())).toBeUndefined();
  });
});

it('a webhook is not turned off by the end of an endpoint that it had before', async () => {
  const { id } = await create({ url: 'https://example.com/moved-to' });
  await world.run((unit) => messages.ping(unit, owner, id));
  await world.run((unit) => deliveries.gone(unit, id, 'https://example.com/moved-from'));
  expect(await jobsOf(id)).toMatchObject([{ state: 'pending' }]);
  expect(await health(id)).toMatchObject({ state: 'ok' });
});

describe('the fan-out to webhooks', () => {
  it('makes one signed delivery for each endpoint and event that it wants, however often it runs', async () => {
    const all = await create({ url: 'https://example.com/all' });
    const some = await create({ url: 'https://example.com/some', eventTypes: ['task.moved'] });
    await fanOut();
    const before = (await deliveriesOf(all.id)).length;
    const task = await world.tasks.create(project, { title: 'Told about' }, undefined);
    await fanOut();
    await fanOut();
    const [delivery, ...rest] = await deliveriesOf(all.id);
    expect(rest).toHaveLength(before);
    expect(await deliveriesOf(some.id)).toEqual([]);
    expect(delivery).toMatchObject({ eventType: 'task.created', state: 'waiting', attempts: 0 });
    const request = await deliveries.toSend(delivery?.id ?? '', new Date());
    const body = z
      .strictObject({ type: z.string(), timestamp: z.iso.datetime(), data: liveEventSchema })
      .parse(new Webhook(all.secret).verify(request?.body ?? '', { ...request?.headers }));
    expect(body).toMatchObject({ type: 'task.created', data: { taskId: task.id, task: { title: 'Told about' } } });
  });

  it('makes one job for each delivery, and none for those that are there already', async () => {
    const { id } = await create({ url: 'https://example.com/jobs' });
    await fanOut();
    await world.tasks.create(project, { title: 'Told once' }, undefined);
    await fanOut();
    await fanOut();
    expect(await jobsOf(id)).toHaveLength((await deliveriesOf(id)).length);
  });

  it('does not keep a message for longer than its log, however long the endpoint is away', async () => {
    const { id } = await create({ url: 'https://example.com/away' });
    await fanOut();
    await world.tasks.create(project, { title: 'Old news' }, undefined);
    await fanOut();
    await world.run((unit) => messages.ping(unit, owner, id));
    const rows = await world.database.query<{ days: number }>(sql`
      select round(extract(epoch from expires_at - now()) / 86400)::int as days from jobs where scope = ${id}`);
    expect(rows).toEqual((await deliveriesOf(id)).map(() => ({ days: 30 })));
  });

  it('gives each endpoint the event that it is told of, whatever else is told with it', async () => {
    const hooks = [await create({ url: 'https://example.com/one' }), await create({ url: 'https://example.com/two' })];
    await fanOut();
    const tasks = [];
    for (const title of ['First', 'Second', 'Third']) {
      tasks.push(await world.tasks.create(project, { title }, undefined));
    }
    await fanOut();
    const message = z.object({ data: z.object({ taskId: z.string() }) });
    for (const { id } of hooks) {
      const newest = (await deliveriesOf(id)).slice(0, 3);
      const told = newest.map(({ requestBody }) => message.parse(JSON.parse(requestBody)).data.taskId);
      expect(told).toEqual(tasks.map((task) => task.id).toReversed());
    }
  });

  it('signs with the old secret too, for a day after a rotation', async () => {
    const { id, secret } = await create({ url: 'https://example.com/rotated' });
    await world.run((unit) => webhooks.rotateSecret(unit, owner, id));
    await world.run((unit) => messages.ping(unit, owner, id));
    const [delivery] = await deliveriesOf(id);
    const verify = async () => {
      const request = await deliveries.toSend(delivery?.id ?? '', new Date());
      return new Webhook(secret).verify(request?.body ?? '', { ...request?.headers });
    };
    expect(await verify()).toMatchObject({ type: 'ping' });
    await world.database.query(sql`update webhooks set previous_secret_until = now() where id = ${id}`);
    await expect(verify()).rejects.toThrow();
  });
});

describe('a delivery', () => {
  it('keeps what the endpoint answered', async () => {
    const { id } = await create({ url: 'https://example.com/answers' });
    await world.run((unit) => messages.ping(unit, owner, id));
    const [delivery] = await deliveriesOf(id);
    const failed = { status: 503, body: 'busy', errorCode: 'HTTP_503', durationMs: 12 };
    await deliveries.failed(delivery?.id ?? '', failed);
    expect(await deliveriesOf(id)).toMatchObject([
      { attempts: 1, responseStatus: 503, responseBody: 'busy', errorCode: 'HTTP_503', deliveredAt: null },
    ]);
    const done = { status: 204, body: '', errorCode: null, durationMs: 5 };
    await world.run((unit) => deliveries.delivered(unit, delivery?.id ?? '', done));
    expect(await deliveriesOf(id)).toMatchObject([{ attempts: 2, state: 'delivered', errorCode: null }]);
    expect(await deliveries.toSend(delivery?.id ?? '', new Date())).toBeUndefined();
  });

  it('stays delivered when an attempt that was given up comes to its end late', async () => {
    const { id } = await create({ url: 'https://example.com/late' });
    await world.run((unit) => messages.ping(unit, owner, id));
    const [delivery] = await deliveriesOf(id);
    const done = { status: 204, body: '', errorCode: null, durationMs: 5 };
    await world.run((unit) => deliveries.delivered(unit, delivery?.id ?? '', done));
    await deliveries.failed(delivery?.id ?? '', { status: null, body: null, errorCode: 'TIMEOUT', durationMs: 15 });
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'delivered', responseStatus: 204, errorCode: null }]);
    expect(await deliveries.toSend(delivery?.id ?? '', new Date())).toBeUndefined();
  });

  it('shows the beginning of a long message, and sends all of it', async () => {
    const { id } = await create({ url: 'https://example.com/long' });
    await fanOut();
    await world.tasks.create(project, { title: 'Long', description: 'x'.repeat(100_000) }, undefined);
    await fanOut();
    const [delivery] = await deliveriesOf(id);
    expect(delivery?.requestBody).toHaveLength(10_000);
    expect((await deliveries.toSend(delivery?.id ?? '', new Date()))?.body.length).toBeGreaterThan(100_000);
  });

  it('is not sent once more to a webhook that is turned off', async () => {
    const { id } = await create({ url: 'https://example.com/off' });
    await world.run((unit) => messages.ping(unit, owner, id));
    const [first] = await deliveriesOf(id);
    await world.run((unit) => webhooks.update(unit, owner, id, { isActive: false }, undefined));
    const access = { ...owner, webhook: { id }, delivery: { id: first?.id ?? '' } };
    await expect(world.run((unit) => messages.redeliver(unit, access))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is sent once more under the same message id', async () => {
    const { id } = await create({ url: 'https://example.com/again' });
    await world.run((unit) => messages.ping(unit, owner, id));
    const [first] = await deliveriesOf(id);
    const access = { ...owner, webhook: { id }, delivery: { id: first?.id ?? '' } };
    await world.run((unit) => messages.redeliver(unit, access));
    const [second] = await deliveriesOf(id);
    expect(second?.id).not.toBe(first?.id);
    expect(second).toMatchObject({ messageId: first?.messageId, requestBody: first?.requestBody, state: 'waiting' });
  });

  it('is kept while the endpoint is paused, which is said in plain figures, and can be probed', async () => {
    const { id } = await create({ url: 'https://example.com/paused' });
    expect(await health(id)).toEqual({ state: 'ok', errorCode: null, failures: 0, pausedUntil: null, kept: 0 });
    await expect(world.run((unit) => messages.probe(unit, owner, id))).rejects.toMatchObject({ code: 'conflict' });
    await world.run((unit) => messages.ping(unit, owner, id));
    await quarantine(id);
    await world.database.query(sql`
      insert into breaker_events (key, from_state, to_state, cause, failures, cooldown_ms)
      values (${`webhook.deliver@${id}:HTTP_503`}, 'closed', 'open', 'failures-in-a-row', 5, 60000)`);
    expect(await health(id)).toMatchObject({ state: 'paused', errorCode: 'HTTP_503', failures: 5, kept: 1 });
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'kept' }]);
    await world.run((unit) => messages.probe(unit, owner, id));
    expect(await jobsOf(id)).toMatchObject([{ state: 'pending', is_probe: true }]);
  });
});
