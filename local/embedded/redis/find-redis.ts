import { createHash } from 'node:crypto';
import { cacheDirectory } from '../cache-dir.ts';
import { findOnPath } from '../find-on-path.ts';
import { runCommand } from '../run-command.ts';
import { unpackDebianRedis } from './debian-redis.ts';
import type { RedisCommand, RedisPlace } from './redis-command.ts';

const DOCKER_IMAGE = 'redis:8-alpine';
const SERVER_NAMES = ['redis-server', 'valkey-server'];

/**
 * Finds a way to run a real Redis on this machine: redis-server or valkey-server on PATH, else Docker, else the
 * distribution's package unpacked into a private cache.
 *
 * @throws with the ways to get one when there is none
 */
export async function findRedis(env: NodeJS.ProcessEnv, log: (line: string) => void): Promise<RedisCommand> {
  for (const name of SERVER_NAMES) {
    const found = await findOnPath(name);
    if (found !== undefined) {
      return directCommand(found, found, { PATH: env['PATH'] ?? '/usr/bin:/bin' });
    }
  }
  if (await dockerAnswers()) {
    return dockerCommand(env);
  }
  let reason = 'this system has no apt';
  try {
    const unpacked = await unpackDebianRedis({ cacheDir: cacheDirectory(env), env, log });
    if (unpacked !== undefined) {
      return directCommand(unpacked.server, `${unpacked.server} (from the distribution's package)`, {
        PATH: env['PATH'] ?? '/usr/bin:/bin',
        LD_LIBRARY_PATH: unpacked.libraryPath,
      });
    }
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  throw new Error(
    [
      'TaskFlow needs a Redis server and found none. Any one of these is enough:',
      '  - set REDIS_URL to a running server, for example REDIS_URL=redis://127.0.0.1:6379',
      '  - install redis-server or valkey-server, so that it is on PATH',
      '  - start Docker',
      '  - on Debian or Ubuntu: let apt-get reach its mirror, the package is then fetched without installing it',
      `(the last way failed: ${reason})`,
    ].join('\n'),
  );
}

function directCommand(command: string, description: string, env: Readonly<Record<string, string>>): RedisCommand {
  return {
    description,
    command,
    args: () => ['-'],
    settings: (place) => ({ port: String(place.port), bind: '127.0.0.1', dir: place.dataDir }),
    env: { ...env, LC_ALL: 'C' },
    cleanUp: () => Promise.resolve(),
  };
}

async function dockerAnswers(): Promise<boolean> {
  const asked = await runCommand('docker', ['version', '--format', '{{.Server.Version}}'], { timeoutMs: 5000 });
  return asked.ok && asked.stdout.trim() !== '';
}

function dockerCommand(env: NodeJS.ProcessEnv): RedisCommand {
  const containerName = (place: RedisPlace): string =>
    `taskflow-redis-${createHash('sha256').update(place.dataDir).digest('hex').slice(0, 12)}`;
  return {
    description: `Docker (${DOCKER_IMAGE})`,
    command: 'docker',
    args: (place) => [
      'run',
      '--rm',
      '--interactive',
      '--name',
      containerName(place),
      '--publish',
      `127.0.0.1:${place.port}:6379`,
      '--volume',
      `${place.dataDir}:/data`,
      DOCKER_IMAGE,
      'redis-server',
      '-',
    ],
    // Inside its own network the container has to listen for Docker's forwarding; outside only loopback is published.
    settings: () => ({ port: '6379', bind: '0.0.0.0', dir: '/data' }),
    env: { PATH: env['PATH'] ?? '/usr/bin:/bin', HOME: env['HOME'] ?? '/', DOCKER_HOST: env['DOCKER_HOST'] ?? '' },
    cleanUp: async (place) => {
      await runCommand('docker', ['rm', '--force', containerName(place)], { timeoutMs: 20_000 });
    },
  };
}
