import { operationsSnapshotSchema } from '@taskflow/contract/operations';
import { createDatabase, type Database, sql } from '@taskflow/db';
import { newId } from '@taskflow/domain';
import { createBreakerStore } from '@taskflow/jobs';
import { type OwnServers, startOwnServers } from '@taskflow/local/embedded/testing';
import { closeRedis, createRedis, type Redis } from '@taskflow/redis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readEvents } from '../live/testing/event-reader.ts';
import { type Person, startTestApi, type TestApi } from '../testing/test-api.ts';

let servers: OwnServers;
let api: TestApi;
let database: Database;
let redis: Redis;
let operator: Person;

beforeAll(async () => {
  servers = await startOwnServers();
  api = await startTestApi({ database: servers.database, redisUrl: servers.redisUrl });
  database = createDatabase({
    url: servers.database.urls.owner,
    applicationName: 'test',
    pool: { max: 2, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
  });
  redis = createRedis({ url: servers.redisUrl, name: 'test', onError: () => undefined });
  operator = await api.person('First');
  await vi.waitUntil(() => redis.status === 'ready');
});

afterEach(async () => {
  await database.query(sql`delete from jobs`);
  await database.query(sql`delete from job_type_settings`);
  await database.query(sql`delete from breaker_events`);
  await database.query(sql`delete from breaker_modes`);
  await redis.flushall();
});

afterAll(async () => {
  await closeRedis(redis);
  await database.close();
  await api.stop();
  await servers.remove();
});

interface JobRow {
  readonly type?: string;
  readonly scope?: string;
  readonly payload?: object;
  readonly state?: string;
  readonly reason?: string;
  readonly breakerKey?: string;
  readonly errorCode?: string;
  readonly fingerprint?: string;
  readonly requestedBy?: string;
  readonly attempt?: number;
}

async function insertJob(row: JobRow = {}): Promise<string> {
  const id = newId();
  const { type = 'email.send', scope = 'mail.test', payload = {}, state = 'pending', attempt = 0 } = row;
  const isFinal = ['succeeded', 'canceled', 'discarded'].includes(state);
  await database.query(sql`
    insert into jobs (id, type, priority, scope, payload, state, reason, breaker_key, error_code, fingerprint, requested_by,
      attempt, tries, worker, started_at, lease_expires_at, finished_at, trace_parent)
    values (${id}, ${type}, 'default', ${scope}, ${JSON.stringify(payload)}::jsonb, ${state}::job_state,
      ${row.reason ?? null}::quarantine_reason, ${row.breakerKey ?? null}, ${row.errorCode ?? null},
      ${row.fingerprint ?? null}, ${row.requestedBy ?? null}, ${attempt}, ${attempt},
      ${attempt > 0 ? 'worker-1' : null}, ${attempt > 0 ? new Date() : null},
      ${state === 'running' ? new Date(Date.now() + 30_000) : null}, ${isFinal ? new Date() : null},
      '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')`);
  return id;
}

const quarantined = (row: JobRow = {}) =>
  insertJob({ state: 'quarantined', reason: 'exhausted', errorCode: 'SMTP_451', attempt: 3, ...row });
const stateOf = async (id: string) => (await operator.call('GET /jobs/{id}', { params: { id } })).state;

describe('jobs', () => {
  it('are listed newest first, page by page, by every filter', async () => {
    const [first, second, third] = [
      await insertJob(),
      await quarantined(),
      await insertJob({ type: 'webhook.deliver' }),
    ];
    const pageOne = await operator.call('GET /jobs', { query: { limit: 2 } });
    expect(pageOne.items.map(({ id }) => id)).toEqual([third, second]);
    const pageTwo = await operator.call('GET /jobs', { query: { limit: 2, cursor: pageOne.nextCursor ?? '' } });
    expect(pageTwo).toMatchObject({ items: [{ id: first }], nextCursor: null });

    const idsBy = async (query: Record<string, string>) =>
      (await operator.call('GET /jobs', { query })).items.map(({ id }) => id);
    expect(await idsBy({ state: 'quarantined' })).toEqual([second]);
    expect(await idsBy({ type: 'webhook.deliver' })).toEqual([third]);
    expect(await idsBy({ error: 'SMTP_451' })).toEqual([second]);
    expect(await idsBy({ reason: 'breaker' })).toEqual([]);
    expect(await idsBy({ workspace: newId() })).toEqual([]);
  });

  it('refuses a cursor of another filter', async () => {
    await insertJob();
    await insertJob();
    const { nextCursor } = await operator.call('GET /jobs', { query: { limit: 1 } });
    const answer = await operator.send('GET /jobs', {
      query: { limit: 1, cursor: nextCursor ?? '', state: 'pending' },
    });
    expect(answer.status).toBe(422);
  });

  it('show their attempts, their trace and a payload without secrets', async () => {
    const id = await insertJob({ state: 'succeeded', attempt: 2, payload: { mailId: 'm', token: 'tf_secret' } });
    await database.query(sql`
      insert into job_attempts (job_id, attempt, outcome, worker, started_at, error_code, error_message)
      values (${id}, 1, 'failed', 'worker-1', now() - interval '1 minute', 'SMTP_451', 'try later')`);
    const job = await operator.call('GET /jobs/{id}', { params: { id } });
    expect(job).toMatchObject({
      payload: { mailId: 'm', token: '[redacted]' },
      traceId: '0af7651916cd43dd8448eb211c80319c',
      attempts: [
        { attempt: 1, outcome: 'failed', errorCode: 'SMTP_451', errorMessage: 'try later' },
        { attempt: 2, outcome: 'succeeded', worker: 'worker-1' },
      ],
    });
  });

  it('are released, retried, discarded and canceled where their state allows it, and otherwise are not', async () => {
    const id = await quarantined();
    await operator.call('POST /jobs/{id}/release', { params: { id } });
    expect(await stateOf(id)).toBe('pending');
    expect((await operator.send('POST /jobs/{id}/release', { params: { id } })).status).toBe(409);

    const later = await insertJob({ state: 'scheduled' });
    expect(await operator.call('POST /jobs/{id}/retry', { params: { id: later } })).toMatchObject({ state: 'pending' });
    expect(await operator.call('POST /jobs/{id}/discard', { params: { id: later } })).toMatchObject({
      state: 'discarded',
      discardReason: 'operator',
    });
    expect((await operator.send('POST /jobs/{id}/cancel', { params: { id: later } })).status).toBe(409);

    const running = await insertJob({ state: 'running', attempt: 1 });
    const told = await operator.call('POST /jobs/{id}/cancel', { params: { id: running } });
    expect(told.state).toBe('running');
    expect(told.cancelRequestedAt).not.toBeNull();
    expect((await operator.send('POST /jobs/{id}/release', { params: { id: 'nothing' } })).status).toBe(404);
  });

  it('are released as a group, and those that are not like it stay', async () => {
    const alike = [await quarantined({ fingerprint: 'a' }), await quarantined({ fingerprint: 'a' })];
    const other = await quarantined({ fingerprint: 'b' });
    const nameless = await quarantined();
    const groups = await operator.call('GET /jobs/quarantine');
    expect(groups.items).toHaveLength(3);
    expect(groups.items[0]).toMatchObject({
      type: 'email.send',
      errorCode: 'SMTP_451',
      fingerprint: 'a',
      count: 2,
      jobId: alike[0],
    });

    const filter = { type: 'email.send', reason: 'exhausted', errorCode: 'SMTP_451' } as const;
    expect(
      await operator.call('POST /jobs/bulk', { body: { filter: { ...filter, fingerprint: 'a' }, action: 'release' } }),
    ).toEqual({ changed: 2, hasMore: false });
    expect(await Promise.all(alike.map(stateOf))).toEqual(['pending', 'pending']);
    expect(await stateOf(other)).toBe('quarantined');
    await operator.call('POST /jobs/bulk', { body: { filter: { ...filter, fingerprint: null }, action: 'discard' } });
    expect([await stateOf(other), await stateOf(nameless)]).toEqual(['quarantined', 'discarded']);
  });

  it('are not changed by a bulk request without a condition', async () => {
    const answer = await operator.send('POST /jobs/bulk', { body: { filter: {}, action: 'discard' } });
    expect(answer.status).toBe(422);
  });

  it('that wait for a breaker are one group, whatever they failed with before', async () => {
    const breakerKey = 'webhook.deliver@one:HTTP_503';
    for (const errorCode of ['HTTP_503', 'TIMEOUT']) {
      await quarantined({ type: 'webhook.deliver', scope: 'one', reason: 'breaker', breakerKey, errorCode });
    }
    const { items } = await operator.call('GET /jobs/quarantine');
    expect(items).toMatchObject([{ reason: 'breaker', breakerKey, errorCode: 'HTTP_503', count: 2 }]);
  });

  it('show whoever asked for them what became of them, and nobody else', async () => {
    const [mine, other] = [await api.person('Mine'), await api.person('Other')];
    const id = await insertJob({ requestedBy: mine.id, type: 'project.export', payload: { secret: 'x' } });
    await insertJob({ requestedBy: mine.id, type: 'notification.fanout' });
    await insertJob({ requestedBy: mine.id });
    expect((await mine.call('GET /me/jobs')).items).toMatchObject([{ id, state: 'pending' }]);
    expect((await other.call('GET /me/jobs')).items).toEqual([]);
  });

  it('that a task caused are seen on it: mails and deliveries', async () => {
    const person = await api.person('Owner');
    const { id: workspaceId } = await person.call('POST /workspaces', { body: { name: 'Works' } });
    const project = await person.call('POST /workspaces/{id}/projects', {
      params: { id: workspaceId },
      body: { name: 'Operations', key: 'OPS' },
    });
    const task = await person.call('POST /projects/{id}/tasks', { params: { id: project.id }, body: { title: 'Do' } });
    const mailId = newId();
    const jobId = await insertJob({ payload: { mailId }, state: 'succeeded', attempt: 1 });
    await database.query(sql`update jobs set task_id = ${task.id} where id = ${jobId}`);
    await database.query(sql`
      insert into mails (id, kind, to_address, subject, text, html, state, message_key)
      values (${mailId}, 'notification', 'a@example.com', 'News', 'News', '<p>News</p>', 'queued', ${mailId})`);
    const { items } = await person.call('GET /tasks/{id}/effects', { params: { id: task.id } });
    expect(items).toMatchObject([{ id: jobId, kind: 'mail', about: 'notification', state: 'succeeded' }]);
  });
});

const scope = { type: 'webhook.deliver', scope: newId() } as const;
const key = `${scope.type}@${scope.scope}:HTTP_503`;

/** Five failures in a row, as workers report them. */
async function openBreaker(): Promise<void> {
  const store = createBreakerStore({ redis });
  const failure = { kind: 'failed', ageMs: 0, code: 'HTTP_503', isProbe: false, random: 0 } as const;
  const settings = { failureThreshold: 5, cooldownMs: 60_000, maxCooldownMs: 900_000, probeLeaseMs: 60_000 };
  await store.apply(scope, settings, [failure, failure, failure, failure, failure]);
}

describe('breakers', () => {
  it('are shown with their failures, their countdown and who waits, and the sentence of a job says so', async () => {
    await openBreaker();
    const id = await quarantined({ ...scope, reason: 'breaker', breakerKey: key });
    const { items, isLive } = await operator.call('GET /breakers');
    expect(isLive).toBe(true);
    expect(items).toMatchObject([{ key, state: 'open', mode: 'auto', failuresInWindow: 5, quarantined: 1 }]);
    expect(items[0]?.probeInMs).toBeGreaterThan(30_000);
    const why = await operator.call('GET /jobs/{id}/why', { params: { id } });
    expect(why).toMatchObject({ cause: 'breaker', breakerKey: key });
    expect(why.sentence).toMatch(new RegExp(`^Waits for breaker ${key}, probe in \\d+ s\\.$`));
  });

  it('are reset and forced, and keep who did that', async () => {
    await openBreaker();
    expect(await operator.call('POST /breakers/{key}/reset', { params: { key } })).toMatchObject({ state: 'closed' });
    const forced = await operator.call('PUT /breakers/{key}/mode', { params: { key }, body: { mode: 'open' } });
    expect(forced).toMatchObject({ mode: 'open', state: 'open', modeSetBy: { id: operator.id, name: 'First' } });
    await vi.waitFor(async () => {
      const events = await operator.call('GET /breakers/{key}/events', { params: { key }, query: { limit: 1 } });
      expect(events.items).toMatchObject([{ to: 'open', actor: { name: 'First' } }]);
      expect(events.nextCursor).not.toBeNull();
      const older = await operator.call('GET /breakers/{key}/events', {
        params: { key },
        query: { limit: 5, cursor: events.nextCursor ?? '' },
      });
      expect(older.items).toMatchObject([{ from: 'open', to: 'closed', cause: 'reset' }]);
    });
  });

  it('that there are not cannot be reset, and types that there are not have none', async () => {
    const send = (name: string) => operator.send('POST /breakers/{key}/reset', { params: { key: name } });
    expect((await send('email.send@mail.test:SMTP_451')).status).toBe(404);
    expect((await send('nonsense')).status).toBe(404);
    const forced = await operator.send('PUT /breakers/{key}/mode', {
      params: { key: 'nobody.knows@x:HTTP_503' },
      body: { mode: 'open' },
    });
    expect(forced.status).toBe(404);
  });

  it('are shown as they were written down last while Redis is away, and are decided for all the same', async () => {
    await database.query(sql`
      insert into breaker_events (key, from_state, to_state, cause, failures, cooldown_ms)
      values (${key}, 'closed', 'open', 'threshold', 5, 60000)`);
    const id = await quarantined({ ...scope, reason: 'breaker', breakerKey: key });
    await servers.redis.off();
    try {
      const list = await operator.call('GET /breakers');
      expect(list).toMatchObject({ isLive: false, items: [{ key, state: 'open', quarantined: 1 }] });
      const why = await operator.call('GET /jobs/{id}/why', { params: { id } });
      expect(why.sentence).toMatch(/probe in \d+ s\.$/);
      expect((await operator.send('POST /breakers/{key}/reset', { params: { key } })).status).toBe(503);
      const forced = await operator.call('PUT /breakers/{key}/mode', { params: { key }, body: { mode: 'closed' } });
      expect(forced.mode).toBe('closed');
    } finally {
      await servers.redis.on();
      await vi.waitUntil(() => redis.status === 'ready', { timeout: 10_000 });
    }
  });
});

describe('queues', () => {
  it('count what waits and what has just ended, by priority and by type, and know their workers', async () => {
    await insertJob();
    await insertJob({ state: 'running', attempt: 1 });
    await insertJob({ state: 'succeeded', attempt: 1 });
    await quarantined({ type: 'webhook.deliver' });
    const { queues, types, workers } = await operator.call('GET /queues');
    expect(queues.find(({ priority }) => priority === 'default')).toMatchObject({
      depth: { pending: 1, running: 1, quarantined: 1 },
      lastMinute: { succeeded: 1, failed: 0 },
    });
    const mail = types.find(({ type }) => type === 'email.send');
    expect(mail).toMatchObject({ isKnown: true, concurrency: 10, depth: { pending: 1 }, lastMinute: { succeeded: 1 } });
    expect(mail?.oldestPendingAt).not.toBeNull();
    expect(workers).toMatchObject([{ name: 'worker-1', running: 1 }]);
  });

  it('are steered by type: pause, resume, another priority; what is not named stays', async () => {
    const update = (body: { isPaused?: boolean; priority?: 'bulk' | null }) =>
      operator.call('PATCH /job-types/{type}', { params: { type: 'email.send' }, body });
    const paused = await update({ isPaused: true });
    expect(paused.pausedAt).not.toBeNull();
    expect(await update({ priority: 'bulk' })).toEqual({ ...paused, priority: 'bulk' });
    expect(await update({ isPaused: false })).toEqual({ type: 'email.send', pausedAt: null, priority: 'bulk' });
    expect(await update({ priority: null })).toMatchObject({ priority: null });
    const unknown = await operator.send('PATCH /job-types/{type}', { params: { type: 'no.such' }, body: {} });
    expect(unknown.status).toBe(404);
  });
});

describe('schedules', () => {
  const insertSchedule = async (type = 'maintenance.purge-sessions') => {
    const id = newId();
    await database.query(sql`
      insert into schedules (id, type, payload, cron, time_zone, next_run_at)
      values (${id}, ${type}, '{}', '0 3 * * *', 'Europe/Berlin', now() + interval '1 day')`);
    return id;
  };

  it('are paused and resumed by the version that was seen', async () => {
    const id = await insertSchedule();
    const update = (isPaused: boolean, ifMatch: string) =>
      operator.send('PATCH /schedules/{id}', { params: { id }, body: { isPaused }, headers: { 'if-match': ifMatch } });
    expect((await update(true, '"1"')).json).toMatchObject({ version: 2, pausedAt: expect.any(String) });
    expect((await update(false, '"1"')).status).toBe(412);
    expect((await update(false, '"2"')).json).toMatchObject({ pausedAt: null, version: 3 });
  });

  it('run when asked, once at a time', async () => {
    const id = await insertSchedule();
    const asked = await operator.call('POST /schedules/{id}/run', { params: { id } });
    expect(asked.accepted).toBe(true);
    expect(await operator.call('POST /schedules/{id}/run', { params: { id } })).toEqual({ ...asked, accepted: false });
    expect(await operator.call('GET /schedules/{id}', { params: { id } })).toMatchObject({
      lastJob: { id: asked.jobId, state: 'pending' },
    });
    const foreign = await insertSchedule('of.tomorrow');
    expect((await operator.send('POST /schedules/{id}/run', { params: { id: foreign } })).status).toBe(409);
  });
});

describe('the stream of operations', () => {
  const watch = (headers: Record<string, string>) => readEvents(`${api.baseUrl}/api/v1/operations/events`, headers);
  const pendingIn = (data: string | undefined) =>
    operationsSnapshotSchema
      .parse(JSON.parse(data ?? ''))
      .queues.queues.reduce((sum, { depth }) => sum + depth.pending, 0);

  it('tells at once and again and again what waits, and ends with the session', async () => {
    const session = api.anonymous();
    await session.call('POST /auth/login', { body: { email: operator.email, password: operator.password } });
    const reader = await watch({ cookie: session.cookie });
    await vi.waitFor(() => expect(pendingIn(reader.events[0]?.data)).toBe(0), { timeout: 5_000 });
    await insertJob();
    await vi.waitFor(() => expect(pendingIn(reader.events.at(-1)?.data)).toBe(1), { timeout: 5_000 });
    await session.call('POST /auth/logout');
    await vi.waitFor(() => expect(reader.isClosed).toBe(true), { timeout: 5_000 });
    expect(reader.events.at(-1)).toMatchObject({ event: 'end', data: '{"reason":"session_ended"}' });
  });

  it('is not for everybody', async () => {
    const somebody = await api.person('Somebody');
    expect((await watch({ cookie: somebody.cookie })).status).toBe(403);
    expect((await watch({})).status).toBe(401);
  });
});
