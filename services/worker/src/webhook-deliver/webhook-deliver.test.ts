import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Executor, one, sql } from '@taskflow/db';
import {
  createLiveSource,
  createUnitOfWorkRunner,
  createWebhookDeliveries,
  newId,
  webhookDeliver,
} from '@taskflow/domain';
import { acceptJobs, newJob } from '@taskflow/jobs';
import { createEngineWorld, type EngineWorld, type TestEngine } from '@taskflow/jobs/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAddressPolicy } from '../outbound/address-policy.ts';
import { createOutboundHttp } from '../outbound/outbound-http.ts';
import { createWebhookDeliverHandler } from './handler.ts';
import { retryAfterMs } from './retry-after.ts';

const eventsIn = (executor: Executor) => createLiveSource({ executor });

let world: EngineWorld;
let server: Server;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const seen: { id: unknown; body: string }[] = [];

beforeAll(async () => {
  world = await createEngineWorld();
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      seen.push({ id: request.headers['webhook-id'], body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`;
});

afterEach(async () => {
  seen.length = 0;
  await world.clear();
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await world.close();
});

/** Starts an engine that delivers. @param allowed ranges that may be called beside public addresses */
function start(allowed: readonly string[] = ['127.0.0.0/8']): Promise<TestEngine> {
  const units = createUnitOfWorkRunner({ database: world.database, onCommitted: () => undefined });
  return world.start([
    createWebhookDeliverHandler({
      units,
      deliveries: createWebhookDeliveries({ executor: world.database, newId, eventsIn, userAgent: 'test' }),
      http: createOutboundHttp({
        policy: createAddressPolicy(allowed),
        resolve: async () => [],
        timeoutMs: 500,
        maxBodyBytes: 65_536,
        maxRedirects: 3,
      }),
      clock: () => performance.now(),
      now: () => new Date(),
    }),
  ]);
}

/** Makes an endpoint with one delivery, its job accepted. */
async function deliver(): Promise<{ webhookId: string; deliveryId: string; jobId: string }> {
  const workspaceId = await world.workspace();
  const [webhookId, deliveryId, jobId, userId] = [newId(), newId(), newId(), newId()];
  const { database } = world;
  await database.query(sql`insert into users (id, email, name) values (${userId}, ${`${userId}@example.com`}, 'Olga')`);
  await database.query(sql`
    insert into webhooks (id, workspace_id, url, secret, created_by)
    values (${webhookId}, ${workspaceId}, ${url}, 'whsec_c2VjcmV0', ${userId})`);
  await database.query(sql`
    insert into webhook_deliveries (id, workspace_id, webhook_id, event_type, message_id, request_body, job_id)
    values (${deliveryId}, ${workspaceId}, ${webhookId}, 'ping', ${`msg_${deliveryId}`}, '{"type":"ping"}', ${jobId})`);
  await acceptJobs(database, [newJob(jobId, webhookDeliver, { deliveryId, webhookId }, { workspaceId })]);
  return { webhookId, deliveryId, jobId };
}

const delivery = (id: string) =>
  one<{ attempts: number; status: number | null; code: string | null; body: string | null; delivered: boolean }>(
    world.database,
    sql`
      select attempts, response_status as status, error_code as code, response_body as body,
        delivered_at is not null as delivered
      from webhook_deliveries where id = ${id}`,
  );

const until = (jobId: string, state: string) =>
  vi.waitFor(async () => expect(await world.row(jobId)).toMatchObject({ state }), { timeout: 10_000, interval: 20 });

describe('webhook.deliver', () => {
  it('delivers once, and keeps the answer together with the end of the job', async () => {
    answer = (_, response) => response.writeHead(200).end('thanks');
    const { jobId, deliveryId } = await deliver();
    await start();
    await until(jobId, 'succeeded');
    expect(seen).toEqual([{ id: `msg_${deliveryId}`, body: '{"type":"ping"}' }]);
    expect(await delivery(deliveryId)).toEqual({
      attempts: 1,
      status: 200,
      code: null,
      body: 'thanks',
      delivered: true,
    });
  });

  it('comes back under the same id until the endpoint takes it', async () => {
    answer = (_, response) => response.writeHead(seen.length < 3 ? 503 : 204).end();
    const { jobId, deliveryId } = await deliver();
    const { breakers } = await start();
    await until(jobId, 'succeeded');
    expect(seen.map(({ id }) => id)).toEqual(Array.from({ length: 3 }, () => `msg_${deliveryId}`));
    expect(await delivery(deliveryId)).toMatchObject({ attempts: 3, delivered: true });
    expect(breakers.calls.map((call) => call.split(' ').at(-1))).toEqual(['HTTP_503', 'HTTP_503', expect.anything()]);
  });

  it('waits in quarantine with its reason when the endpoint never takes it', async () => {
    answer = (_, response) => response.writeHead(500).end('broken\u0000');
    const { jobId, deliveryId } = await deliver();
    await start();
    await until(jobId, 'quarantined');
    expect(await world.row(jobId)).toMatchObject({ reason: 'exhausted', errorCode: 'HTTP_500' });
    expect(await delivery(deliveryId)).toMatchObject({ attempts: 3, status: 500, body: 'broken', delivered: false });
  });

  it('gives up an endpoint that does not answer in time', async () => {
    answer = () => undefined;
    const { jobId, deliveryId } = await deliver();
    await start();
    await until(jobId, 'quarantined');
    expect(await delivery(deliveryId)).toMatchObject({ attempts: 3, code: 'TIMEOUT', status: null });
  });

  it('turns the webhook off when the endpoint says that it is gone', async () => {
    answer = (_, response) => response.writeHead(410).end();
    const { jobId, webhookId } = await deliver();
    await start();
    await until(jobId, 'quarantined');
    expect(seen).toHaveLength(1);
    const row = await one<{ is_active: boolean }>(
      world.database,
      sql`select is_active from webhooks where id = ${webhookId}`,
    );
    expect(row.is_active).toBe(false);
  });

  it('never calls an address that it may not, and does not try again', async () => {
    const { jobId, deliveryId } = await deliver();
    await start([]);
    await until(jobId, 'quarantined');
    expect(seen).toEqual([]);
    expect(await delivery(deliveryId)).toMatchObject({ attempts: 1, code: 'ADDRESS_REFUSED' });
  });

  it('does nothing for a webhook that is gone', async () => {
    const { jobId, webhookId } = await deliver();
    await world.database.query(sql`update webhooks set deleted_at = now() where id = ${webhookId}`);
    await start();
    await until(jobId, 'succeeded');
    expect(seen).toEqual([]);
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-01-01T00:00:00Z');

  it.each([
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['999999', 3_600_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', undefined],
    ['0', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ])('of %s is %s ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});
