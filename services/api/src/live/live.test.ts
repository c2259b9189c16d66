import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { liveEndSchema, liveEventSchema, livePositionSchema } from '@taskflow/contract/activity';
import { sql } from '@taskflow/db';
import { type RunningRedis, startRedis } from '@taskflow/local/embedded';
import { createTestDatabase, type TestDatabase, testRedisUrl } from '@taskflow/local/embedded/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type EventReader, readEvents } from './testing/event-reader.ts';
import { type LiveProcess, startLiveProcess } from './testing/live-process.ts';
import { type Changes, changesBy, createWorld, type Person, type TestProject, type World } from './testing/world.ts';

let testDatabase: TestDatabase;
let first: LiveProcess;
let second: LiveProcess;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const options = {
    databaseUrl: testDatabase.urls.app,
    redisUrl: await testRedisUrl(),
    settings: { recheckMs: 200, stallMs: 2_000 },
  };
  [first, second] = await Promise.all([startLiveProcess(options), startLiveProcess(options)]);
  await vi.waitUntil(() => [first, second].every(({ wakeUps }) => wakeUps.state === 'connected'), { timeout: 10_000 });
});

afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
  await testDatabase.drop();
});

const until = (condition: () => void | Promise<void>) => vi.waitFor(condition, { timeout: 15_000, interval: 10 });

async function watch(process: LiveProcess, person: Person, resumeAfter?: number): Promise<EventReader> {
  const reader = await readEvents(process.address(person, resumeAfter));
  onTestFinished(() => reader.disconnect());
  await until(() => expect(reader.events[0]?.event).toBe('ready'));
  return reader;
}

async function setUp(): Promise<{ world: World; owner: Person; project: TestProject; changes: Changes }> {
  const world = await createWorld(first.database);
  const project = await world.project('workspace');
  return { world, owner: world.owner, project, changes: changesBy(world.owner, world, first.units) };
}

describe('a stream', () => {
  it('tells people of every process what happens, with the task as it is', async () => {
    const { world, owner, project, changes } = await setUp();
    const member = await world.person('member');
    const [here, there] = [await watch(first, owner), await watch(second, member)];

    const taskId = await changes.task(project, 'Write it down');

    await until(() => expect([here.numbers, there.numbers]).toEqual([[1], [1]]));
    const event = liveEventSchema.parse(JSON.parse(there.events[1]?.data ?? ''));
    expect(event).toMatchObject({
      type: 'task.created',
      number: 1,
      actorId: owner.userId,
      projectId: project.id,
      task: { id: taskId, title: 'Write it down' },
      comment: null,
    });
  });

  it('is not to be cached, collected or guessed', async () => {
    const { owner } = await setUp();
    const { headers, text } = await watch(first, owner);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    expect(headers).not.toHaveProperty('etag');
    expect(text).toMatch(/^retry: \d{4}\nevent: ready\nid: 0\ndata: {"lastEventId":0}\n\n/);
  });

  it('tells a comment with its task, and null for what is gone', async () => {
    const { world, owner, project, changes } = await setUp();
    const reader = await watch(second, owner);
    const taskId = await changes.task(project, 'Discuss');
    const commentId = crypto.randomUUID();
    const about = { projectId: project.id, taskId, subjectId: commentId };
    await changes.record(
      'comment.created',
      about,
      sql`insert into comments (id, workspace_id, task_id, author_id, body)
        values (${commentId}, ${world.workspaceId}, ${taskId}, ${owner.userId}, ${'First line\nsecond line'})`,
    );
    await until(() => expect(reader.numbers).toEqual([1, 2]));
    await changes.record('task.deleted', about, sql`update tasks set deleted_at = now() where id = ${taskId}`);
    await until(() => expect(reader.numbers).toEqual([1, 2, 3]));

    const [, , commented, deleted] = reader.events.map(({ event, data }) =>
      event === 'message' ? liveEventSchema.parse(JSON.parse(data)) : undefined,
    );
    expect(commented).toMatchObject({
      comment: { id: commentId, body: 'First line\nsecond line' },
      task: { counts: { comments: 1 } },
    });
    expect(deleted).toMatchObject({ type: 'task.deleted', task: null, comment: null });

    const late = await watch(first, owner, 1);
    await until(() => expect(late.numbers).toEqual([2, 3]));
    const [, told] = late.events.map(({ data }): unknown => JSON.parse(data));
    expect(told).toMatchObject({ type: 'comment.created', task: null, comment: null });
  });

  it('begins with what happens from now on', async () => {
    const { owner, project, changes } = await setUp();
    await changes.task(project, 'Before');
    const reader = await watch(second, owner);
    expect(reader.lastEventId).toBe(1);
    await changes.task(project, 'After');
    await until(() => expect(reader.numbers).toEqual([2]));
  });

  it('sends quiet readers on past what they may not see', async () => {
    const redisUrl = await testRedisUrl();
    const quick = await startLiveProcess({
      databaseUrl: testDatabase.urls.app,
      redisUrl,
      settings: { heartbeatMs: 50 },
    });
    onTestFinished(() => quick.close());
    const { world, owner } = await setUp();
    const member = await world.person('member');
    const hidden = await world.project('private');
    const reader = await watch(quick, member);
    await changesBy(owner, world, quick.units).task(hidden, 'Secret');
    await until(() => expect(reader.lastEventId).toBe(1));
    expect(reader.numbers).toEqual([]);
    expect(reader.text).not.toContain('Secret');
  });
});

describe('a reader that comes back', () => {
  it('gets what it missed, from any process, and nothing twice', async () => {
    const { owner, project, changes } = await setUp();
    const before = await watch(first, owner);
    await changes.task(project, 'One');
    await until(() => expect(before.numbers).toEqual([1]));
    before.disconnect();
    await changes.task(project, 'Two');
    await changes.task(project, 'Three');

    const after = await watch(second, owner, before.lastEventId);
    await changes.task(project, 'Four');

    await until(() => expect(after.numbers).toEqual([2, 3, 4]));
  });

  it('loses, repeats and reorders nothing, however often its connection breaks', async () => {
    const { world, owner, changes } = await setUp();
    const others = changesBy(owner, world, second.units);
    const total = 120;
    let seed = 20_261_121;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };

    async function read(): Promise<number[]> {
      const numbers: number[] = [];
      let resumeAfter = 0;
      while (numbers.length < total) {
        const reader = await readEvents((random(2) === 0 ? first : second).address(owner, resumeAfter));
        const enough = Math.min(total - numbers.length, 1 + random(25));
        await until(() => expect(reader.numbers.length).toBeGreaterThanOrEqual(enough));
        reader.disconnect();
        numbers.push(...reader.numbers);
        resumeAfter = reader.lastEventId ?? resumeAfter;
      }
      return numbers;
    }

    async function write(): Promise<void> {
      for (let written = 0; written < total; written += 2) {
        await Promise.all([changes.record('label.updated'), others.record('label.updated')]);
      }
    }

    const [, ...received] = await Promise.all([write(), read(), read(), read()]);
    for (const numbers of received) {
      expect(numbers).toEqual(Array.from({ length: total }, (_, index) => index + 1));
    }
  });

  it('is told to read everything anew when it missed too much, or knows a future that never was', async () => {
    const { world, owner } = await setUp();
    await world.run(sql`
      insert into activity (workspace_id, number, type, actor_id)
      select ${world.workspaceId}, n, 'label.updated', ${owner.userId} from generate_series(1, 1500) n`);
    await world.run(sql`update activity_counters set last_number = 1500 where workspace_id = ${world.workspaceId}`);
    for (const resumeAfter of [10, 9_000]) {
      const reader = await watch(first, owner, resumeAfter);
      await until(() => expect(reader.events.map(({ event }) => event)).toEqual(['ready', 'resync']));
      expect(reader.events[1]?.id).toBe('1500');
      expect(livePositionSchema.parse(JSON.parse(reader.events[1]?.data ?? ''))).toEqual({ lastEventId: 1_500 });
    }
    const near = await watch(first, owner, 600);
    await until(() => expect(near.numbers).toHaveLength(900));
    expect(near.numbers.at(-1)).toBe(1_500);
  });
});

describe('what others may not see', () => {
  it('never reaches them', async () => {
    const { world, owner, project, changes } = await setUp();
    const [member, insider, guest] = [
      await world.person('member'),
      await world.person('member'),
      await world.person('guest'),
    ];
    const hidden = await world.project('private', [insider]);
    const guestProject = await world.project('workspace', [guest]);
    const readers = [
      await watch(second, owner),
      await watch(second, insider),
      await watch(second, member),
      await watch(second, guest),
    ];
    await changes.task(hidden, 'Hidden');
    await changes.task(project, 'Open');
    await changes.task(guestProject, 'For guests too');
    await changes.record('member.joined', { subjectId: member.userId });
    await changes.record('label.created');
    await until(() => expect(readers.map(({ lastEventId }) => lastEventId)).toEqual([5, 5, 5, 5]));
    expect(readers.map(({ numbers }) => numbers)).toEqual([
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
      [2, 3, 4, 5],
      [3, 5],
    ]);
  });

  it('begins and ends with membership of the project, which is told to the person', async () => {
    const { world, owner, changes } = await setUp();
    const member = await world.person('member');
    const hidden = await world.project('private');
    const [reader, everything] = [await watch(second, member), await watch(second, owner)];
    const about = { projectId: hidden.id, subjectId: member.userId };

    await changes.task(hidden, 'Before');
    // whoever may see a project when its events are read may read them
    await until(() => expect(everything.numbers).toEqual([1]));
    await changes.record(
      'project_member.set',
      about,
      sql`insert into project_members (workspace_id, project_id, user_id, role)
        values (${world.workspaceId}, ${hidden.id}, ${member.userId}, 'member')`,
    );
    await changes.task(hidden, 'Meanwhile');
    await until(() => expect(reader.numbers).toEqual([2, 3]));
    await changes.record(
      'project_member.removed',
      about,
      sql`delete from project_members where project_id = ${hidden.id} and user_id = ${member.userId}`,
    );
    await changes.task(hidden, 'Afterwards');
    await changes.record('label.created');
    await until(() => expect(reader.numbers).toEqual([2, 3, 4, 6]));
    expect(reader.text).not.toContain('Afterwards');
  });

  it('disappears when a project becomes private; who was away then is told to look again', async () => {
    const { world, project, changes } = await setUp();
    const member = await world.person('member');
    const here = await watch(first, member);
    const hide = () =>
      changes.record(
        'project.updated',
        { projectId: project.id, changes: { visibility: { from: 'workspace', to: 'private' } } },
        sql`update projects set visibility = 'private' where id = ${project.id}`,
      );
    await hide();
    await changes.task(project, 'Afterwards');
    await changes.record('label.created');
    await until(() => expect(here.numbers).toEqual([1, 3]));

    const back = await watch(second, member, 0);
    await until(() => expect(back.events.map(({ event }) => event)).toEqual(['ready', 'message', 'resync']));
    expect(back.numbers).toEqual([3]);
  });
});

describe('a stream ends', () => {
  const lastEvent = (reader: EventReader) => reader.events.at(-1);

  it('when the person is removed from the workspace, before anything later is told', async () => {
    const { world, project, changes } = await setUp();
    const member = await world.person('member');
    const reader = await watch(second, member);
    await changes.record(
      'member.removed',
      { subjectId: member.userId },
      sql`delete from memberships where user_id = ${member.userId}`,
    );
    await changes.task(project, 'Without you');
    await until(() => expect(reader.isClosed).toBe(true));
    expect(lastEvent(reader)?.event).toBe('end');
    expect(liveEndSchema.parse(JSON.parse(lastEvent(reader)?.data ?? ''))).toEqual({ reason: 'membership_ended' });
    expect(reader.text).not.toContain('Without you');
  });

  it('when the workspace is deleted', async () => {
    const { world, owner, changes } = await setUp();
    const reader = await watch(second, owner);
    await changes.record(
      'workspace.deleted',
      {},
      sql`update workspaces set deleted_at = now() where id = ${world.workspaceId}`,
    );
    await until(() => expect(lastEvent(reader)?.data).toBe('{"reason":"membership_ended"}'));
  });

  it('when the session ends, without anything happening in the workspace', async () => {
    const { world, owner } = await setUp();
    const [reader, other] = [await watch(first, owner), await watch(first, await world.person('member'))];
    await world.run(sql`update sessions set revoked_at = now() where user_id = ${owner.userId}`);
    await until(() => expect(lastEvent(reader)?.data).toBe('{"reason":"session_ended"}'));
    await until(() => expect(reader.isClosed).toBe(true));
    expect(other.isClosed).toBe(false);
  });

  it('when the token expires that it was opened with', async () => {
    const { world, owner } = await setUp();
    const tokenId = crypto.randomUUID();
    await world.run(sql`
      insert into api_tokens (id, user_id, name, token_hash, scopes, expires_at)
      values (${tokenId}, ${owner.userId}, 'robot', ${Buffer.from(tokenId)}, '{read}', now() + interval '1 hour')`);
    const caller = { ...owner.access.caller, credential: 'token', credentialId: tokenId } as const;
    const robot = { userId: `${owner.userId}-robot`, access: { ...owner.access, caller } };
    const reader = await watch(first, robot);
    await world.run(sql`update api_tokens set expires_at = now() where id = ${tokenId}`);
    await until(() => expect(lastEvent(reader)?.data).toBe('{"reason":"session_ended"}'));
  });

  it('at once in every process that is told to ask again', async () => {
    const patient = await startLiveProcess({ databaseUrl: testDatabase.urls.app, redisUrl: await testRedisUrl() });
    onTestFinished(() => patient.close());
    await until(() => expect(patient.wakeUps.state).toBe('connected'));
    const { world, owner } = await setUp();
    const reader = await watch(patient, owner);
    await world.run(sql`update sessions set revoked_at = now() where user_id = ${owner.userId}`);
    first.hub.recheck(owner.userId);
    await vi.waitFor(() => expect(lastEvent(reader)?.data).toBe('{"reason":"session_ended"}'), 2_000);
  });

  it('when the process drains, with a hint when to come back; later ones are refused', async () => {
    const leaving = await startLiveProcess({ databaseUrl: testDatabase.urls.app, redisUrl: await testRedisUrl() });
    onTestFinished(() => leaving.close());
    const { owner } = await setUp();
    const reader = await watch(leaving, owner);
    leaving.hub.drain();
    await until(() => expect(reader.isClosed).toBe(true));
    expect(reader.text).toMatch(/\nretry: \d{4}\nevent: end\ndata: {"reason":"shutting_down"}\n\n$/);
    const refused = await readEvents(leaving.address(owner));
    expect(refused.status).toBe(503);
  });

  it('when the reader does not read; the others notice nothing', async () => {
    const { world, owner, project, changes } = await setUp();
    const [slow, quick] = [await watch(first, owner), await watch(first, await world.person('member'))];
    const memoryBefore = process.memoryUsage().external;
    const taskId = await changes.task(project, 'Long');
    slow.stopReading();
    const description = 'x'.repeat(90_000);
    const total = 120;
    for (let written = 1; written < total; written += 1) {
      await changes.record(
        'task.updated',
        { projectId: project.id, taskId },
        sql`update tasks set description = ${description} where id = ${taskId}`,
      );
    }
    await until(() => expect(quick.numbers).toHaveLength(total));
    await vi.waitFor(
      async () => expect(await first.metrics.registry.metrics()).toContain('taskflow_live_clients_dropped_total 1'),
      10_000,
    );
    expect(process.memoryUsage().external - memoryBefore).toBeLessThan(64 * 1_048_576);
    const back = await watch(second, owner, slow.lastEventId);
    await until(() => expect(back.lastEventId).toBe(total));
  });
});

describe('without Redis', () => {
  let redis: RunningRedis;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'taskflow-live-redis-'));
    redis = await startRedis({ dataDir: folder, durability: 'disposable', env: { ...process.env, REDIS_URL: '' } });
  });

  afterAll(async () => {
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('events pause no longer than a look, and nothing is lost when it comes back', async () => {
    const options = { databaseUrl: testDatabase.urls.app, redisUrl: redis.url, settings: { pollMs: 200 } };
    const [here, there] = await Promise.all([startLiveProcess(options), startLiveProcess(options)]);
    onTestFinished(async () => void (await Promise.all([here.close(), there.close()])));
    await until(() => expect(there.wakeUps.state).toBe('connected'));
    const { world, owner } = await setUp();
    const changes = changesBy(owner, world, here.units);
    const reader = await watch(there, owner);
    const { port } = redis;

    await changes.record('label.created');
    await until(() => expect(reader.numbers).toEqual([1]));
    process.kill(redis.pid ?? 0, 'SIGKILL');
    await redis.exited;
    await changes.record('label.created');
    await until(() => expect(reader.numbers).toEqual([1, 2]));
    redis = await startRedis({
      dataDir: folder,
      port,
      durability: 'disposable',
      env: { ...process.env, REDIS_URL: '' },
    });
    await changes.record('label.created');
    await until(() => expect(there.wakeUps.state).toBe('connected'));
    await changes.record('label.created');
    await until(() => expect(reader.numbers).toEqual([1, 2, 3, 4]));
  });
});

describe('one person', () => {
  it('has at most so many streams in a process', async () => {
    const strict = await startLiveProcess({
      databaseUrl: testDatabase.urls.app,
      redisUrl: await testRedisUrl(),
      settings: { streamsPerPerson: 2 },
    });
    onTestFinished(() => strict.close());
    const { owner } = await setUp();
    const [one] = [await watch(strict, owner), await watch(strict, owner)];
    expect((await readEvents(strict.address(owner))).status).toBe(503);
    one.disconnect();
    await until(async () => expect(await strict.metrics.registry.metrics()).toContain('taskflow_live_clients 1'));
    expect((await watch(strict, owner)).status).toBe(200);
  });
});
