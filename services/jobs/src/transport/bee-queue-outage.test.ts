import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningRedis, startRedis } from '@taskflow/local/embedded';
import { closeRedis, createRedis, type Redis } from '@taskflow/redis';
import { type Clock, systemClock } from '@taskflow/resilience';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type BeeQueueTransport,
  type BeeQueueTransportOptions,
  createBeeQueueTransport,
} from './bee-queue-transport.ts';
import { createHoldingConsumer, newDeliveries, newDelivery } from './testing/deliveries.ts';
import type { Consume } from './transport.ts';

const patient = { timeout: 15_000, interval: 10 };

let dataDir: string;
let server: RunningRedis;
let redis: Redis;
let transport: BeeQueueTransport | undefined;
let errors: Error[];
let warnings: string[];

const start = (port?: number): Promise<RunningRedis> =>
  startRedis({ dataDir, port, env: { ...process.env, REDIS_URL: process.env['TEST_REDIS_URL'] ?? '' } });

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'taskflow-redis-'));
  server = await start();
  redis = createRedis({ url: server.url, name: 'test', onError: () => undefined });
});

afterAll(async () => {
  await closeRedis(redis);
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

beforeEach(async () => {
  await vi.waitUntil(() => redis.status === 'ready', patient);
  await redis.flushall();
  errors = [];
  warnings = [];
});

afterEach(async () => {
  await transport?.stop(AbortSignal.timeout(500));
});

async function startTransport(
  consume: Consume,
  concurrency = 10,
  options: Partial<BeeQueueTransportOptions> = {},
): Promise<BeeQueueTransport> {
  transport = createBeeQueueTransport({
    redisUrl: server.url,
    onError: (error) => errors.push(error),
    onWarning: (message) => warnings.push(message),
    ...options,
  });
  await transport.start(consume, concurrency);
  return transport;
}

async function kill(): Promise<void> {
  process.kill(server.pid ?? Number.NaN, 'SIGKILL');
  await server.exited;
}

async function restart(): Promise<void> {
  server = await start(server.port);
  await vi.waitUntil(() => redis.status === 'ready', patient);
}

describe('Redis is killed and comes back', () => {
  it('fails pushes at once meanwhile, and consumes as many at a time as before afterwards', async () => {
    const consumer = createHoldingConsumer();
    const carrier = await startTransport(consumer.consume, 20, { stallIntervalMs: 60_000 });
    // Once each of the 20 has taken something, 20 pops wait; each of them doubles bee-queue's pause when it fails.
    await carrier.push(newDeliveries(40, 'critical'));
    await vi.waitUntil(() => consumer.held() === 20, patient);
    consumer.letGo();
    await vi.waitUntil(() => consumer.taken.length === 40, patient);

    await kill();
    await vi.waitUntil(() => !carrier.isUp(), patient);
    const askedAt = performance.now();
    await expect(carrier.push([newDelivery()])).rejects.toThrow();
    expect(performance.now() - askedAt).toBeLessThan(100);
    expect(carrier.isAlive()).toBe(true);

    await restart();
    await vi.waitUntil(() => carrier.isUp(), patient);
    consumer.hold();
    await carrier.push(newDeliveries(40, 'critical'));
    await vi.waitUntil(() => consumer.held() === 20, patient);
    consumer.letGo();
    await vi.waitUntil(() => consumer.taken.length === 80, patient);
    expect(errors[0]?.message).toBe('the connection to Redis was lost');
  });

  it('keeps what the append-only file kept, and what was being consumed can be finished', async () => {
    const consumer = createHoldingConsumer();
    const carrier = await startTransport(consumer.consume, 1, { stallIntervalMs: 500 });
    await carrier.push(newDeliveries(3, 'critical'));
    await vi.waitUntil(() => consumer.held() === 1, patient);
    await redis.config('SET', 'appendfsync', 'always');
    await carrier.push(newDeliveries(1, 'critical'));
    await kill();
    await vi.waitUntil(() => !carrier.isUp(), patient);
    await restart();
    await vi.waitUntil(() => carrier.isUp(), patient);
    consumer.letGo();
    await vi.waitUntil(async () => (await redis.hlen('taskflow:jobs:critical:jobs')) === 0, patient);
    expect(new Set(consumer.taken.map(({ jobId }) => jobId)).size).toBe(4);
  });

  it('pushes through it all: what a push accepted before FLUSHALL or after a restart is what is lost at most', async () => {
    const seen = new Set<string>();
    const carrier = await startTransport((delivery) => {
      seen.add(delivery.jobId);
      return Promise.resolve();
    });
    for (let batch = 0; batch < 20; batch += 1) {
      await carrier.push(newDeliveries(50));
      if (batch % 5 === 2) {
        await redis.flushall();
      }
    }
    const last = newDeliveries(200);
    await carrier.push(last);
    await vi.waitUntil(() => last.every(({ jobId }) => seen.has(jobId)), patient);
    expect(errors).toEqual([]);
  });

  it('pushes on after the server forgot its scripts while connections stayed', async () => {
    const seen = new Set<string>();
    const carrier = await startTransport((delivery) => {
      seen.add(delivery.jobId);
      return Promise.resolve();
    });
    await carrier.push([newDelivery()]);
    await vi.waitUntil(() => seen.size === 1, patient);
    await redis.script('FLUSH');
    await carrier.push(newDeliveries(20));
    await vi.waitUntil(() => seen.size === 21, patient);
    expect(errors).toEqual([]);
  });
});

describe('a long outage', () => {
  /** Time that passes 200 times as fast, and the pauses that were asked for. */
  function createFastClock() {
    const pausesMs: number[] = [];
    const clock: Clock = {
      now: () => systemClock.now() * 200,
      sleep(delayMs, signal) {
        pausesMs.push(delayMs);
        return systemClock.sleep(delayMs / 200, signal);
      },
    };
    return { clock, pausesMs };
  }

  it('of ten minutes is over within seconds: the pauses between attempts do not grow past two', async () => {
    const { clock, pausesMs } = createFastClock();
    const seen = new Set<string>();
    const carrier = await startTransport(
      (delivery) => {
        seen.add(delivery.jobId);
        return Promise.resolve();
      },
      20,
      { clock },
    );
    await kill();
    const goneAtMs = clock.now();
    await vi.waitUntil(() => clock.now() - goneAtMs > 600_000, patient);
    expect(carrier.isUp()).toBe(false);
    expect(carrier.isAlive()).toBe(true);
    expect(pausesMs.length).toBeGreaterThan(50);
    expect(Math.max(...pausesMs)).toBeLessThanOrEqual(2_000);
    // the same trouble once a minute, not with every attempt
    expect(errors.length).toBeLessThan(15);
    await restart();
    await vi.waitUntil(() => carrier.isUp(), patient);
    await carrier.push(newDeliveries(20));
    await vi.waitUntil(() => seen.size === 20, patient);
  });

  it('fails the liveness of a transport that has stopped trying', async () => {
    let nowMs = 0;
    const clock: Clock = { now: () => nowMs, sleep: () => new Promise(() => undefined) };
    const carrier = createBeeQueueTransport({
      redisUrl: 'redis://127.0.0.1:1',
      onError: () => undefined,
      onWarning: () => undefined,
      clock,
    });
    await carrier.start(() => Promise.resolve(), 1);
    expect(carrier.isAlive()).toBe(true);
    nowMs = 61_000;
    expect(carrier.isAlive()).toBe(false);
  });

  it('does not keep a worker from starting', async () => {
    await kill();
    const seen = new Set<string>();
    const carrier = await startTransport((delivery) => {
      seen.add(delivery.jobId);
      return Promise.resolve();
    });
    expect(carrier.isUp()).toBe(false);
    await restart();
    await vi.waitUntil(() => carrier.isUp(), patient);
    await carrier.push([newDelivery()]);
    await vi.waitUntil(() => seen.size === 1, patient);
  });
});

describe('a Redis that does not answer', () => {
  it('fails a push after its deadline and counts as down until it answers again', async () => {
    const seen = new Set<string>();
    const carrier = await startTransport(
      (delivery) => {
        seen.add(delivery.jobId);
        return Promise.resolve();
      },
      10,
      { pushTimeoutMs: 200, openTimeoutMs: 500 },
    );
    process.kill(server.pid ?? Number.NaN, 'SIGSTOP');
    try {
      await expect(carrier.push([newDelivery()])).rejects.toThrow('pushing to Redis took longer than 200 ms');
      expect(carrier.isUp()).toBe(false);
    } finally {
      process.kill(server.pid ?? Number.NaN, 'SIGCONT');
    }
    await vi.waitUntil(() => carrier.isUp(), patient);
    await carrier.push([newDelivery()]);
    await vi.waitUntil(() => seen.size >= 1, patient);
  });
});

describe('the Redis it is given', () => {
  const refused = { name: 'UnsuitableRedisError', code: 'REDIS_UNSUITABLE' };

  it('must not evict', async () => {
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    try {
      await expect(startTransport(() => Promise.resolve())).rejects.toMatchObject({
        ...refused,
        message: expect.stringContaining('set maxmemory-policy noeviction'),
      });
    } finally {
      await redis.config('SET', 'maxmemory-policy', 'noeviction');
    }
  });

  it('may forbid CONFIG and be entered as an ACL user with a password of any characters, in any database', async () => {
    await redis.call('ACL', 'SETUSER', 'jobs@work', 'on', '>p@ss:w/rd', '~*', '&*', '+@all', '-config');
    const url = new URL(server.url);
    url.username = 'jobs@work';
    url.password = 'p@ss:w/rd';
    url.pathname = '/3';
    const consumer = createHoldingConsumer();
    const carrier = await startTransport(consumer.consume, 1, { redisUrl: url.href });
    await carrier.push([newDelivery()]);
    await vi.waitUntil(() => consumer.held() === 1, patient);
    expect(await redis.info('keyspace')).toMatch(/^db3:/m);
    expect(warnings).toEqual([]);
    consumer.letGo();
  });

  it('does not crash anything when it refuses the password', async () => {
    const url = new URL(server.url);
    url.password = 'wrong';
    const carrier = await startTransport(() => Promise.resolve(), 1, { redisUrl: url.href });
    expect(carrier.isUp()).toBe(false);
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('WRONGPASS')]);
  });
});
