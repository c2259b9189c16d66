import { randomUUID } from 'node:crypto';
import { sql } from '@taskflow/db';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createEngineWorld,
  createLatch,
  type EngineWorld,
  patience,
  testHandler,
  testType,
} from '../testing/engine-world.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await createEngineWorld();
});

afterEach(() => world.clear());

afterAll(() => world.close());

/** A handler that writes down the order in which its jobs run. */
function recording(name: string, order: string[], options: Parameters<typeof testType>[1] = {}) {
  const type = testType(name, options);
  const handler = testHandler(type, (_payload, job) => {
    order.push(job.workspaceId ?? name);
    return Promise.resolve(undefined);
  });
  return { type, handler };
}

const oneAtATime = { settings: { concurrency: 2, maxAttempts: 3, retryDelayMs: 10 } };

describe('the order of jobs', () => {
  it('lets a workspace with one job through while another one has a thousand waiting', async () => {
    const order: string[] = [];
    const { type, handler } = recording('test.fair', order);
    const [busy, quiet] = [await world.workspace(), await world.workspace()];
    await world.accept(type, 1_000, { workspaceId: busy });
    await world.accept(type, 1, { workspaceId: quiet });
    await world.start([handler], oneAtATime);
    await vi.waitFor(() => expect(order).toContain(quiet), patience);
    expect(order.indexOf(quiet)).toBeLessThan(20);
  });

  it('is that of their acceptance within a workspace', async () => {
    const order: number[] = [];
    const type = testType('test.fifo');
    for (const n of [3, 1, 2]) {
      await world.database.query(sql`
        insert into jobs (id, type, priority, payload, state, run_at)
        values (${randomUUID()}, ${type.name}, 'default', ${JSON.stringify({ n })}::jsonb, 'pending', now() - make_interval(secs => ${10 - n}))`);
    }
    await world.start(
      [
        testHandler(type, ({ n }) => {
          order.push(n);
          return Promise.resolve(undefined);
        }),
      ],
      { settings: { concurrency: 1, maxAttempts: 3, retryDelayMs: 10 } },
    );
    await world.settled();
    expect(order).toEqual([1, 2, 3]);
  });

  it('puts urgent types first', async () => {
    const order: string[] = [];
    const bulk = recording('test.bulk', order, { priority: 'bulk' });
    const critical = recording('test.critical', order, { priority: 'critical' });
    await world.accept(bulk.type, 30);
    await world.accept(critical.type, 30);
    await world.start([bulk.handler, critical.handler], oneAtATime);
    await world.settled();
    expect(order.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'test.critical'));
  });

  it('puts a job first that has waited for long, whatever its priority', async () => {
    const order: string[] = [];
    const bulk = recording('test.bulk', order, { priority: 'bulk' });
    const critical = recording('test.critical', order, { priority: 'critical' });
    await world.accept(critical.type, 50);
    await world.accept(bulk.type, 1);
    await world.database.query(sql`update jobs set run_at = now() - interval '6 min' where type = ${bulk.type.name}`);
    await world.start([bulk.handler, critical.handler], oneAtATime);
    await world.settled();
    expect(order.indexOf('test.bulk')).toBeLessThan(4);
  });

  it('follows the priority that an operator gave a type', async () => {
    const order: string[] = [];
    const lifted = recording('test.lifted', order, { priority: 'bulk' });
    const usual = recording('test.usual', order);
    await world.accept(usual.type, 20);
    await world.accept(lifted.type, 20);
    await world.database.query(sql`insert into job_type_settings (type, priority) values ('test.lifted', 'critical')`);
    await world.start([lifted.handler, usual.handler], oneAtATime);
    const rows = await world.settled();
    expect(order.slice(0, 15)).toEqual(Array.from({ length: 15 }, () => 'test.lifted'));
    expect(new Set(rows.map(({ priority }) => priority))).toEqual(new Set(['critical', 'default']));
  });
});

describe('a type of job', () => {
  it('waits while an operator has paused it', async () => {
    const order: string[] = [];
    const paused = recording('test.paused', order);
    const other = recording('test.other', order);
    await world.database.query(sql`insert into job_type_settings (type, paused_at) values ('test.paused', now())`);
    await world.start([paused.handler, other.handler]);
    const [id = ''] = await world.accept(paused.type, 1);
    const [after = ''] = await world.accept(other.type, 1);
    await world.until(after, 'succeeded');
    expect(await world.row(id)).toMatchObject({ state: 'pending', attempt: 0 });
    await world.database.query(sql`delete from job_type_settings`);
    await world.until(id, 'succeeded');
  });

  it('never has more under way than its limit, all workers together', async () => {
    const type = testType('test.limited', { concurrency: 3 });
    let now = 0;
    let most = 0;
    const handler = testHandler(type, async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
      return undefined;
    });
    await world.start([handler]);
    await world.start([handler]);
    await world.accept(type, 40);
    await world.settled();
    expect(most).toBe(3);
  });

  it('with a limit has its turn while one without has a thousand jobs waiting', async () => {
    const order: string[] = [];
    const plenty = recording('test.plenty', order);
    const limited = recording('test.limited', order, { concurrency: 2 });
    await world.accept(plenty.type, 1_000);
    await world.accept(limited.type, 3);
    await world.start([plenty.handler, limited.handler], oneAtATime);
    await vi.waitFor(() => expect(order.filter((name) => name === 'test.limited')).toHaveLength(3), patience);
    expect(order.lastIndexOf('test.limited')).toBeLessThan(60);
  });

  it('of low priority leaves slots to those above it', async () => {
    const bulk = testType('test.bulk', { priority: 'bulk' });
    const usual = testType('test.usual');
    const end = createLatch();
    const { engine } = await world.start(
      [
        testHandler(bulk, async () => {
          await end.opened;
          return undefined;
        }),
        testHandler(usual),
      ],
      { settings: { concurrency: 4, maxAttempts: 3, retryDelayMs: 10 } },
    );
    await world.accept(bulk, 10);
    await vi.waitFor(() => expect(engine.running).toBe(2), patience);
    const [id = ''] = await world.accept(usual, 1);
    await world.until(id, 'succeeded');
    expect(engine.running).toBe(2);
    end.open();
    await world.settled();
  });
});

describe('a scope whose breaker is open', () => {
  const scoped = testType('test.scoped', { scope: ({ n }) => (n === 0 ? 'broken' : 'fine') });

  it('has its jobs kept apart without an attempt, while other scopes go on', async () => {
    const order: string[] = [];
    const { breakers } = await world.start([
      testHandler(scoped, ({ n }) => {
        order.push(String(n));
        return Promise.resolve(undefined);
      }),
    ]);
    breakers.open('test.scoped', 'broken', 'HTTP_503');
    await world.accept(scoped, 3);
    const rows = await world.settled('succeeded', 'quarantined');
    expect(order.toSorted()).toEqual(['1', '2']);
    expect(rows.filter(({ state }) => state === 'quarantined')).toEqual([
      expect.objectContaining({ reason: 'breaker', breakerKey: 'test.scoped@broken:HTTP_503', attempt: 0, tries: 0 }),
    ]);
  });

  it('lets a probe through, and hears that it was one', async () => {
    const { breakers } = await world.start([testHandler(scoped)]);
    breakers.open('test.scoped', 'broken', 'HTTP_503');
    const [id = ''] = await world.accept(scoped, 1);
    await world.until(id, 'quarantined');
    await world.database.query(
      sql`update jobs set state = 'pending', reason = null, breaker_key = null, is_probe = true where id = ${id}`,
    );
    expect(await world.until(id, 'succeeded')).toMatchObject({ attempt: 1 });
    expect(breakers.calls).toEqual(['succeeded test.scoped@broken']);
  });
});
