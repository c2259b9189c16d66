import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningRedis, startRedis } from '@taskflow/local/embedded';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRateLimiter } from './rate-limiter.ts';
import { closeRedis, createRedis, type Redis } from './redis-client.ts';
import { createWakeUpChannel, type WakeUpChannel } from './wake-up-channel.ts';

/** Waits end when their condition holds; this only bounds a failure. */
const patient = { timeout: 10_000 };

/** A Redis of this file's own, that can go away and come back on the same port. */
describe('while Redis goes away and comes back', () => {
  let dataDir: string;
  let server: RunningRedis;
  let redis: Redis;
  let errors: Error[];
  let channel: WakeUpChannel | undefined;

  const start = (port?: number): Promise<RunningRedis> =>
    startRedis({ dataDir, port, durability: 'disposable', env: { ...process.env, REDIS_URL: '' } });

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'taskflow-redis-'));
    server = await start();
    errors = [];
    redis = createRedis({ url: server.url, name: 'test', onError: (error) => errors.push(error) });
    await vi.waitUntil(() => redis.status === 'ready', patient);
  });

  afterEach(async () => {
    await channel?.close();
    channel = undefined;
    await closeRedis(redis);
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const goAway = async (): Promise<void> => {
    await server.stop();
    await vi.waitFor(() => expect(redis.status).not.toBe('ready'), patient);
  };

  const comeBack = async (): Promise<void> => {
    server = await start(server.port);
    await vi.waitFor(() => expect(redis.status).toBe('ready'), patient);
  };

  it('fails commands at once instead of queueing them, and works again afterwards', async () => {
    await goAway();
    await expect(redis.get('key')).rejects.toThrow("Stream isn't writeable");
    await comeBack();
    expect(await redis.set('key', 'value')).toBe('OK');
  });

  it('reports lost connections instead of ending the process', async () => {
    await goAway();
    await vi.waitFor(() => expect(errors.map((error) => error.message).join()).toContain('ECONNREFUSED'), patient);
  });

  it('limits in memory meanwhile, and in Redis again afterwards', async () => {
    const limiter = createRateLimiter({ redis, keyPrefix: 'outage', points: 2, durationSeconds: 60 });
    await limiter.consume('ada');
    await goAway();
    const verdicts = [await limiter.consume('ada'), await limiter.consume('ada'), await limiter.consume('ada')];
    expect(verdicts.map((verdict) => verdict.allowed)).toEqual([true, true, false]);
    expect(await limiter.check('ada')).toMatchObject({ allowed: false });
    await expect(limiter.reset('ada')).resolves.toBeUndefined();
    expect(await limiter.consume('ada')).toMatchObject({ allowed: true });
    await comeBack();
    expect(await limiter.consume('grace')).toMatchObject({ allowed: true, remaining: 1 });
    expect(await redis.get('outage:grace')).toBe('1');
  });

  it('drops wake-ups meanwhile and says when listeners must catch up', async () => {
    const received: string[] = [];
    let activations = 0;
    let reconnections = 0;
    channel = createWakeUpChannel({
      url: server.url,
      name: 'test-listener',
      publisher: redis,
      onError: (error) => errors.push(error),
    });
    const listening = channel;
    listening.onReconnect(() => {
      reconnections += 1;
    });
    const listener = {
      message: (payload: string): void => {
        received.push(payload);
      },
      active: (): void => {
        activations += 1;
      },
    };
    listening.subscribe('activity', listener);
    await vi.waitFor(() => expect(activations).toBe(1), patient);
    listening.publish('activity', 'before');
    await vi.waitFor(() => expect(received).toEqual(['before']), patient);

    await goAway();
    await vi.waitFor(() => expect(listening.state).toBe('disconnected'), patient);
    listening.publish('activity', 'lost');
    await vi.waitFor(
      () => expect(errors.map((error) => error.message)).toContain('wake-up for activity was dropped'),
      patient,
    );

    await comeBack();
    await vi.waitFor(() => expect(activations).toBe(2), patient);
    expect(reconnections).toBe(1);
    listening.publish('activity', 'after');
    await vi.waitFor(() => expect(received).toEqual(['before', 'after']), patient);
  });

  it('takes a subscription made during the outage', async () => {
    channel = createWakeUpChannel({ url: server.url, name: 'late', publisher: redis, onError: () => undefined });
    const listening = channel;
    await vi.waitFor(() => expect(listening.state).toBe('connected'), patient);
    await goAway();
    await vi.waitFor(() => expect(listening.state).toBe('disconnected'), patient);
    const received: string[] = [];
    listening.subscribe('late', { message: (payload) => received.push(payload) });
    await comeBack();
    await vi.waitFor(() => expect(listening.state).toBe('connected'), patient);
    listening.publish('late', 'hello');
    await vi.waitFor(() => expect(received).toEqual(['hello']), patient);
  });
});

describe('a Redis that falls silent', () => {
  it('costs one request the command timeout, not each of them', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'taskflow-redis-'));
    const server = await startRedis({ dataDir, durability: 'disposable', env: { ...process.env, REDIS_URL: '' } });
    const redis = createRedis({ url: server.url, name: 'test', onError: () => undefined, commandTimeoutMs: 500 });
    await vi.waitUntil(() => redis.status === 'ready', patient);
    const limiter = createRateLimiter({ redis, keyPrefix: 'frozen', points: 5, durationSeconds: 60 });
    const processId = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
    process.kill(processId, 'SIGSTOP');
    try {
      expect(await limiter.consume('ada')).toMatchObject({ allowed: true });
      await vi.waitUntil(() => redis.status !== 'ready', patient);
      const startedAt = performance.now();
      expect(await limiter.consume('ada')).toMatchObject({ allowed: true });
      expect(performance.now() - startedAt).toBeLessThan(450);
    } finally {
      process.kill(processId, 'SIGCONT');
    }
    await vi.waitUntil(() => redis.status === 'ready', patient);
    await closeRedis(redis);
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
});

describe('a Redis that accepts connections and never answers', () => {
  let silent: Server;
  let redis: Redis;

  beforeEach(async () => {
    silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    redis.disconnect();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('does not hold up a request', async () => {
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    redis = createRedis({
      url: `redis://127.0.0.1:${port}`,
      name: 'test',
      onError: () => undefined,
      commandTimeoutMs: 10_000,
    });
    const limiter = createRateLimiter({ redis, keyPrefix: 'silent', points: 1, durationSeconds: 60 });
    const startedAt = performance.now();
    expect(await limiter.consume('ada')).toMatchObject({ allowed: true });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
