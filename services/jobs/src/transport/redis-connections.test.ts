import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningRedis, startRedis } from '@taskflow/local/embedded';
import { testRedisUrl } from '@taskflow/local/embedded/testing';
import { closeRedis, createRedis } from '@taskflow/redis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseRedisUrl } from './node-redis-client.ts';
import { askConfiguredServer, openRedisConnections, type RedisConnections } from './redis-connections.ts';

const patient = { timeout: 10_000, interval: 10 };
const never = new AbortController().signal;

describe('parseRedisUrl', () => {
  it('takes everything a connection string can say', () => {
    expect(parseRedisUrl('redis://jobs%40work:p%40ss@redis.example:6380/3')).toEqual({
      host: 'redis.example',
      port: 6380,
      user: 'jobs@work',
      password: 'p@ss',
      db: 3,
    });
    expect(parseRedisUrl('redis://:secret@[::1]')).toEqual({ host: '::1', port: 6379, password: 'secret' });
    expect(parseRedisUrl('rediss://redis.example/')).toEqual({
      host: 'redis.example',
      port: 6379,
      tls: { servername: 'redis.example' },
    });
    expect(parseRedisUrl('rediss://10.0.0.1')).toEqual({ host: '10.0.0.1', port: 6379, tls: {} });
  });

  it.each(['http://redis.example', 'redis:///0', 'redis://redis.example/zero', 'unix:///run/redis.sock'])(
    'refuses %s',
    (url) => {
      expect(() => parseRedisUrl(url)).toThrow(TypeError);
    },
  );
});

describe('connections', () => {
  let dataDir: string;
  let other: RunningRedis;
  let opened: RedisConnections | undefined;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'taskflow-redis-'));
    other = await startRedis({ dataDir, durability: 'disposable', env: { ...process.env, REDIS_URL: '' } });
  });

  afterAll(async () => {
    opened?.end();
    await other.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function open(url: string, warnings: string[] = []): Promise<RedisConnections> {
    opened?.end();
    const connections = await openRedisConnections(url, {
      onGone: () => undefined,
      onError: () => undefined,
      onWarning: (message) => warnings.push(message),
    });
    opened = connections;
    const ready = [connections.commands, connections.commands.duplicate()].map(
      (connection) => new Promise((resolve) => connection.once('ready', resolve)),
    );
    await Promise.all(ready);
    return connections;
  }

  it('must lead to the configured server, each of them', async () => {
    const configured = await askConfiguredServer(await testRedisUrl(), never);
    const same = await open(await testRedisUrl());
    expect(same.blocking).toHaveLength(1);
    expect(() => same.assertLeadTo(configured)).not.toThrow();
    const elsewhere = await open(other.url);
    expect(() => elsewhere.assertLeadTo(configured)).toThrow('connected to another Redis than the configured one');
  });

  it('tell their warnings instead of printing them', async () => {
    const print = vi.spyOn(console, 'warn');
    const redis = createRedis({ url: other.url, name: 'test', onError: () => undefined });
    await vi.waitUntil(() => redis.status === 'ready', patient);
    await redis.config('SET', 'requirepass', '');
    await closeRedis(redis);
    const warnings: string[] = [];
    await open(other.url, warnings);
    expect(warnings).toContainEqual(expect.stringContaining('does not require a password'));
    expect(print).not.toHaveBeenCalled();
    print.mockRestore();
  });
});
