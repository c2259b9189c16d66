import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../free-port.ts';
import { redisUrl, type RunningRedis, startRedis } from './start-redis.ts';

const run = promisify(execFile);

let folder: string;
let started: RunningRedis[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'taskflow-redis-'));
  started = [];
});

afterEach(async () => {
  await Promise.all(started.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(options: { port?: number; log?: (line: string) => void } = {}): Promise<RunningRedis> {
  const server = await startRedis({ dataDir: folder, env: { ...process.env, REDIS_URL: '' }, ...options });
  started.push(server);
  return server;
}

/** Sends inline commands; answers everything that came back. */
function talk(url: string, ...commands: string[]): Promise<string> {
  const { hostname, port, password } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: 5000 });
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    socket.once('connect', () => socket.end([`AUTH ${password}`, ...commands, 'QUIT', ''].join('\r\n')));
    socket.once('error', reject);
    socket.once('close', () => resolve(received));
  });
}

describe('startRedis', () => {
  it('keeps what was written when it is killed, and its password', async () => {
    const first = await start();
    await talk(first.url, 'CONFIG SET appendfsync always', 'SET kept yes');
    process.kill(first.pid ?? 0, 'SIGKILL');
    await first.exited;
    const second = await start({ port: first.port });
    expect(second.url).toBe(first.url);
    await expect(talk(second.url, 'GET kept')).resolves.toContain('yes');
  });

  it('never evicts', async () => {
    const server = await start();
    await expect(talk(server.url, 'CONFIG GET maxmemory-policy')).resolves.toContain('noeviction');
    await expect(talk(server.url, 'CONFIG GET appendonly')).resolves.toContain('yes');
  });

  it('lets nobody in without the password, which only its owner can read', async () => {
    const server = await start();
    const stranger = new URL(server.url);
    stranger.password = 'wrong';
    await expect(talk(stranger.href, 'PING')).resolves.toContain('WRONGPASS');
    expect((await stat(path.join(folder, 'password'))).mode & 0o777).toBe(0o600);
  });

  it('starts empty beside files that it cannot read, and keeps them', async () => {
    const appendOnly = path.join(folder, 'data', 'appendonlydir');
    await mkdir(appendOnly, { recursive: true });
    await writeFile(path.join(appendOnly, 'appendonly.aof.manifest'), 'file appendonly.aof.1.base.rdb seq 1 type b\n');
    await writeFile(path.join(appendOnly, 'appendonly.aof.1.base.rdb'), 'REDIS9999nothing that this version knows');
    const lines: string[] = [];
    const server = await start({ log: (line) => lines.push(line) });
    await expect(talk(server.url, 'DBSIZE')).resolves.toContain(':0');
    expect((await readdir(folder)).filter((name) => name.startsWith('data.unreadable-'))).toHaveLength(1);
    expect(lines.join('\n')).toContain('cannot read its files');
  });

  it('can say where it will be before it is there', async () => {
    const port = await findFreePort();
    const url = await redisUrl(folder, port);
    await start({ port });
    await expect(talk(url, 'PING')).resolves.toContain('+PONG');
  });

  it('uses the server of REDIS_URL and leaves it running', async () => {
    const own = await start();
    const given = await startRedis({ dataDir: path.join(folder, 'unused'), env: { REDIS_URL: own.url } });
    expect(given).toMatchObject({ url: own.url, pid: undefined });
    await given.stop();
    await expect(talk(own.url, 'PING')).resolves.toContain('+PONG');
  });

  it('prefers a server that is on PATH', async () => {
    const bin = path.join(folder, 'bin');
    await mkdir(bin);
    const fake = path.join(bin, 'redis-server');
    await writeFile(fake, '#!/bin/sh\necho "I am the one on PATH"\nexit 3\n');
    await chmod(fake, 0o755);
    const before = process.env['PATH'];
    process.env['PATH'] = `${bin}:${before ?? ''}`;
    try {
      await expect(start()).rejects.toThrow('I am the one on PATH');
    } finally {
      process.env['PATH'] = before;
    }
  });

  it('names the ways to get a Redis when there is none', async () => {
    const script = `
      import { startRedis } from ${JSON.stringify(path.join(import.meta.dirname, 'start-redis.ts'))};
      await startRedis({ dataDir: ${JSON.stringify(folder)} });`;
    const failed: unknown = await run(process.execPath, ['--input-type=module-typescript', '-e', script], {
      env: { PATH: '/nowhere', TASKFLOW_CACHE_DIR: path.join(folder, 'cache') },
    }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ stderr: expect.stringMatching(/set REDIS_URL[^]*install redis-server[^]*Docker/) });
  });
});
