import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { testRedisUrl } from '@taskflow/local/embedded/testing';
import { closeRedis, createRedis, type Redis } from '@taskflow/redis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type BeeQueueTransport,
  type BeeQueueTransportOptions,
  createBeeQueueTransport,
} from './bee-queue-transport.ts';
import { createHoldingConsumer, jobIds, newDeliveries, newDelivery } from './testing/deliveries.ts';
import type { Consume, Delivery } from './transport.ts';

const patient = { timeout: 10_000, interval: 10 };
const never = new AbortController().signal;

let redisUrl: string;
let redis: Redis;
let transports: BeeQueueTransport[];
let errors: Error[];

beforeEach(async () => {
  redisUrl = await testRedisUrl();
  redis = createRedis({ url: redisUrl, name: 'test', onError: () => undefined });
  await vi.waitUntil(() => redis.status === 'ready', patient);
  transports = [];
  errors = [];
});

afterEach(async () => {
  await Promise.all(transports.map((transport) => transport.stop(AbortSignal.timeout(1_000))));
  await closeRedis(redis);
});

async function startTransport(
  consume: Consume,
  concurrency = 10,
  options: Partial<BeeQueueTransportOptions> = {},
): Promise<BeeQueueTransport> {
  const transport = createBeeQueueTransport({
    redisUrl,
    prefix: 'test',
    onError: (error) => errors.push(error),
    onWarning: () => undefined,
    ...options,
  });
  transports.push(transport);
  await transport.start(consume, concurrency);
  return transport;
}

/** Collects what it consumes. */
function createCollector() {
  const consumed: Delivery[] = [];
  const consume: Consume = (delivery) => {
    consumed.push(delivery);
    return Promise.resolve();
  };
  return { consumed, consume };
}

/** The keys that deliveries occupy; one that paces the search for stalled ones stays. */
async function occupied(): Promise<string[]> {
  const keys = await redis.keys('test:*');
  return keys.filter((key) => !key.endsWith(':stallBlock'));
}

/** The latest command of each connection to the database of this test. */
async function latestCommands(): Promise<string[]> {
  const clients = String(await redis.client('LIST')).split('\n');
  const ours = clients.filter((client) => client.includes(` db=${new URL(redisUrl).pathname.slice(1)} `));
  return ours.map((client) => / cmd=(\S+)/.exec(client)?.[1] ?? '');
}

describe('the bee-queue transport', () => {
  it('brings every delivery to a consumer as it was pushed, whatever its priority', async () => {
    const { consumed, consume } = createCollector();
    const transport = await startTransport(consume);
    const deliveries = [
      ...newDeliveries(50, 'critical'),
      ...newDeliveries(50, 'default'),
      ...newDeliveries(50, 'bulk'),
      newDelivery('default', { dispatchNo: 7, type: 'webhook.deliver', scope: 'hook:1' }),
    ];
    await transport.push(deliveries);
    await vi.waitUntil(() => consumed.length === deliveries.length, patient);
    expect(consumed).toEqual(expect.arrayContaining(deliveries));
    expect(errors).toEqual([]);
  });

  it('consumes no more than it may at a time, all priorities together', async () => {
    const consumer = createHoldingConsumer();
    const transport = await startTransport(consumer.consume, 10);
    await transport.push([
      ...newDeliveries(20, 'bulk'),
      ...newDeliveries(20, 'default'),
      ...newDeliveries(20, 'critical'),
    ]);
    // what is over the limits waits in this process: nothing is left that could still start
    await vi.waitUntil(async () => (await redis.llen('test:critical:active')) === 10, patient);
    await vi.waitUntil(async () => (await redis.llen('test:bulk:active')) === 5, patient);
    expect(consumer.held()).toBe(10);
    consumer.letGo();
    await vi.waitUntil(() => consumer.taken.length === 60, patient);
  });

  it('leaves nothing in Redis of what is dealt with, even when a consumer breaks its promise not to throw', async () => {
    const transport = await startTransport((delivery) =>
      delivery.priority === 'bulk' ? Promise.reject(new Error('unexpected')) : Promise.resolve(),
    );
    await transport.push([...newDeliveries(5), newDelivery('bulk')]);
    await vi.waitUntil(async () => (await occupied()).length === 0, patient);
    expect(errors.map(({ message }) => message)).toEqual(['unexpected']);
  });

  it('does not mistake the next dispatch of a job for the one that is still there', async () => {
    const consumer = createHoldingConsumer();
    const transport = await startTransport(consumer.consume);
    const first = newDelivery();
    await transport.push([first]);
    await vi.waitUntil(() => consumer.held() === 1, patient);
    await transport.push([first]);
    await transport.push([{ ...first, dispatchNo: 2 }]);
    await vi.waitUntil(() => consumer.held() === 2, patient);
    expect(consumer.taken.map(({ dispatchNo }) => dispatchNo)).toEqual([1, 2]);
    consumer.letGo();
    await vi.waitUntil(async () => (await occupied()).length === 0, patient);
    expect(consumer.taken).toHaveLength(2);
  });

  it('drops and reports a delivery that cannot be read', async () => {
    const { consumed, consume } = createCollector();
    await redis.hset(
      'test:default:jobs',
      'strange',
      JSON.stringify({ data: { type: 1 }, options: {}, status: 'created' }),
    );
    await redis.lpush('test:default:waiting', 'strange');
    const transport = await startTransport(consume);
    await transport.push([newDelivery()]);
    await vi.waitUntil(() => consumed.length === 1, patient);
    await vi.waitUntil(async () => (await occupied()).length === 0, patient);
    expect(errors.map(({ message }) => message)).toEqual(['a delivery that cannot be read was dropped from default']);
  });

  it('goes on after its keys were deleted under load', async () => {
    const { consumed, consume } = createCollector();
    const transport = await startTransport(consume);
    for (let batch = 0; batch < 20; batch += 1) {
      await transport.push(newDeliveries(50));
      if (batch % 5 === 2) {
        await redis.flushdb();
      }
    }
    const last = newDeliveries(100);
    await transport.push(last);
    await vi.waitUntil(() => last.every((delivery) => consumed.some(({ jobId }) => jobId === delivery.jobId)), patient);
    await vi.waitUntil(async () => (await occupied()).length === 0, patient);
    expect(transport.isUp()).toBe(true);
    expect(errors).toEqual([]);
  });

  it('warns once that a Redis without append-only file forgets what is queued', async () => {
    const warnings: string[] = [];
    await startTransport(() => Promise.resolve(), 1, { onWarning: (message) => warnings.push(message) });
    expect(warnings).toEqual([expect.stringContaining('appendonly')]);
  });
});

describe('stopping', () => {
  it('waits for what is being consumed', async () => {
    const consumer = createHoldingConsumer();
    const transport = await startTransport(consumer.consume);
    await transport.push(newDeliveries(3));
    await vi.waitUntil(() => consumer.held() === 3, patient);
    let isStopped = false;
    const stopped = transport.stop(never).then(() => {
      isStopped = true;
    });
    await vi.waitUntil(async () => !(await latestCommands()).includes('brpoplpush'), patient);
    expect(isStopped).toBe(false);
    consumer.letGo();
    await stopped;
    expect(await occupied()).toEqual([]);
  });

  it('does not wait longer than it is told to', async () => {
    const consumer = createHoldingConsumer();
    const transport = await startTransport(consumer.consume);
    await transport.push(newDeliveries(3));
    await vi.waitUntil(() => consumer.held() === 3, patient);
    await transport.stop(AbortSignal.timeout(50));
    expect(transport.isUp()).toBe(false);
  });

  it('takes nothing more, and gives back at once what waited for a slot', async () => {
    const busy = createHoldingConsumer();
    const first = await startTransport(busy.consume, 1, { stallIntervalMs: 60_000 });
    const deliveries = newDeliveries(3, 'critical');
    await first.push([newDelivery('bulk')]);
    await vi.waitUntil(() => busy.held() === 1, patient);
    await first.push(deliveries);
    // what a delivery does last before it waits for a slot
    await vi.waitUntil(async () => (await latestCommands()).includes('srem'), patient);
    const stopped = first.stop(never);
    const { consumed, consume } = createCollector();
    await startTransport(consume, 1, { stallIntervalMs: 60_000 });
    await vi.waitUntil(() => consumed.length === 3, patient);
    expect(jobIds(consumed)).toEqual(jobIds(deliveries));
    busy.letGo();
    await stopped;
    expect(busy.taken).toHaveLength(1);
    expect(await occupied()).toEqual([]);
  });

  it('loses nothing between pop and consumer under load', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { consumed, consume } = createCollector();
      const carrier = await startTransport(consume, 20, { stallIntervalMs: 60_000 });
      await carrier.push(newDeliveries(300, 'critical'));
      await vi.waitUntil(() => consumed.length >= 50, { timeout: 10_000, interval: 1 });
      await carrier.stop(never);
      expect(await redis.llen('test:critical:active')).toBe(0);
      expect(consumed.length + (await redis.llen('test:critical:waiting'))).toBe(300);
      await redis.flushdb();
    }
  });

  it('ends the attempts to reach a Redis that is away', async () => {
    const transport = createBeeQueueTransport({
      redisUrl: 'redis://127.0.0.1:1',
      onError: (error) => errors.push(error),
      onWarning: () => undefined,
    });
    await transport.start(() => Promise.resolve(), 1);
    expect(transport.isUp()).toBe(false);
    await expect(transport.push(newDeliveries(1))).rejects.toThrow('Redis is not connected');
    await transport.stop(never);
    expect(errors).toHaveLength(1);
  });
});

describe('stalled deliveries', () => {
  it('are consumed once by somebody else after their consumer was killed, and do not go round', async () => {
    const script = fileURLToPath(new URL('testing/deaf-consumer.ts', import.meta.url));
    const deaf = spawn(process.execPath, [script, redisUrl, 'test', '300'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const taken: string[] = [];
    createInterface({ input: deaf.stdout }).on('line', (jobId) => taken.push(jobId));
    await vi.waitUntil(() => taken.length === 5, patient);
    deaf.kill('SIGKILL');
    const { consumed, consume } = createCollector();
    await startTransport(consume, 10, { stallIntervalMs: 300 });
    await vi.waitUntil(async () => (await occupied()).length === 0, patient);
    expect(jobIds(consumed)).toEqual(taken.toSorted());
  });

  it('are kept by a consumer that is slow but alive', async () => {
    const consumer = createHoldingConsumer();
    const transport = await startTransport(consumer.consume, 10, { stallIntervalMs: 100 });
    await transport.push(newDeliveries(3));
    await vi.waitUntil(() => consumer.held() === 3, patient);
    // the marker expires with each turn of the search: five turns
    for (let turn = 0; turn < 5; turn += 1) {
      await vi.waitUntil(async () => (await redis.exists('test:default:stallBlock')) === 0, {
        timeout: 10_000,
        interval: 1,
      });
      await vi.waitUntil(async () => (await redis.exists('test:default:stallBlock')) === 1, {
        timeout: 10_000,
        interval: 1,
      });
    }
    expect(consumer.taken).toHaveLength(3);
    consumer.letGo();
    await vi.waitUntil(async () => (await occupied()).length === 0, patient);
  });

  it('are removed when nothing is known of them but their id', async () => {
    await redis.lpush('test:bulk:active', 'gone.1', 'lost.2');
    await startTransport(() => Promise.resolve(), 10, { stallIntervalMs: 100 });
    await vi.waitFor(async () => expect(await occupied()).toEqual([]), patient);
  });
});
