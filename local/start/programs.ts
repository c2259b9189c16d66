import { createRequire } from 'node:module';
import path from 'node:path';
import { probePaths } from '@taskflow/contract/platform';
import { RUNNER_READY } from './runner.ts';
import { DATABASE, databaseUrl, type LocalSettings } from './settings.ts';
import type { ProgramDefinition } from './supervisor/program.ts';

type Definitions = Record<string, ProgramDefinition>;

/** What differs from run to run. */
export interface ProgramChoices {
  /** Build the web app first. */
  readonly buildWeb: boolean;
}

/** Restarts within about 20 seconds before a program counts as broken. */
const KEEP_UP = { restart: 'always', maxRestarts: 8, backoffMaxMs: 5000 } as const;

/**
 * The programs of a local TaskFlow. A person's own `programs.json` is laid over them.
 */
export function definePrograms(settings: LocalSettings, choices: ProgramChoices): Definitions {
  const isEmbedded = settings.redis.kind === 'embedded';
  return {
    postgres: postgresProgram(settings),
    ...(isEmbedded ? { redis: redisProgram(settings) } : {}),
    migrate: migrateProgram(settings),
    api: apiProgram(settings, isEmbedded ? ['migrate', 'redis'] : ['migrate']),
    worker: workerProgram(settings, isEmbedded ? ['migrate', 'redis'] : ['migrate']),
    ...(choices.buildWeb && !settings.dev ? { 'web-build': webBuildProgram(settings) } : {}),
    web: settings.dev ? webDevProgram(settings) : webProgram(settings, choices.buildWeb ? ['web-build'] : []),
  };
}

function postgresProgram(settings: LocalSettings): ProgramDefinition {
  return {
    ...runner(settings, 'postgres'),
    env: { DATA_DIR: settings.data.postgres, PORT: String(settings.ports.postgres), DATABASE },
    // Recovery after a crash reads all that was written since the last checkpoint.
    startTimeoutMs: 120_000,
    stopTimeoutMs: 30_000,
  };
}

function redisProgram(settings: LocalSettings): ProgramDefinition {
  const { PATH, HOME, XDG_CACHE_HOME, TASKFLOW_CACHE_DIR, DOCKER_HOST } = process.env;
  return {
    ...runner(settings, 'redis'),
    env: {
      ...present({ PATH, HOME, XDG_CACHE_HOME, TASKFLOW_CACHE_DIR, DOCKER_HOST }),
      DATA_DIR: settings.data.redis,
      PORT: String(settings.ports.redis),
    },
    startTimeoutMs: 120_000,
    stopTimeoutMs: 20_000,
  };
}

function runner(settings: LocalSettings, name: string): ProgramDefinition {
  return {
    command: process.execPath,
    args: [path.join(settings.repositoryRoot, 'local', 'start', name, 'main.ts')],
    cwd: settings.repositoryRoot,
    readiness: { kind: 'log', pattern: `^${RUNNER_READY}$` },
    ...KEEP_UP,
  };
}

function migrateProgram(settings: LocalSettings): ProgramDefinition {
  return {
    ...service(settings, 'migrate'),
    env: {
      DATABASE_ADMIN_URL: settings.adminUrl,
      DATABASE_OWNER_PASSWORD: settings.passwords.owner,
      DATABASE_APP_PASSWORD: settings.passwords.app,
      DATABASE_READONLY_PASSWORD: settings.passwords.readonly,
    },
    readiness: { kind: 'completed' },
    startTimeoutMs: 600_000,
    maxRestarts: 3,
    dependsOn: ['postgres'],
  };
}

function apiProgram(settings: LocalSettings, dependsOn: string[]): ProgramDefinition {
  return {
    ...reloading(settings, service(settings, 'api')),
    env: {
      ...serviceEnvironment(settings, settings.ports.apiManagement),
      PORT: String(settings.ports.api),
      TRUSTED_PROXY_HOPS: '1',
    },
    readiness: managementReadiness(settings.ports.apiManagement),
    startTimeoutMs: 60_000,
    ...KEEP_UP,
    dependsOn,
  };
}

function workerProgram(settings: LocalSettings, dependsOn: string[]): ProgramDefinition {
  return {
    ...reloading(settings, service(settings, 'worker')),
    env: {
      ...serviceEnvironment(settings, settings.ports.workerManagement),
      // a busy worker makes many short-lived objects, for which Node would take another 100 MiB
      NODE_OPTIONS: '--max-semi-space-size=8',
      ...present({
        MAIL_FROM: process.env['MAIL_FROM'],
        COOLDOWN_PERIOD: process.env['COOLDOWN_PERIOD'],
        WEBHOOK_ALLOWED_CIDRS: process.env['WEBHOOK_ALLOWED_CIDRS'] ?? ownAddresses(settings),
      }),
    },
    readiness: managementReadiness(settings.ports.workerManagement),
    startTimeoutMs: 60_000,
    ...KEEP_UP,
    dependsOn,
  };
}

/** Whoever reaches TaskFlow on this machine alone may have it call programs of this machine. */
function ownAddresses({ webHost }: LocalSettings): string | undefined {
  const isAlone = webHost === undefined || webHost === 'localhost' || webHost === '127.0.0.1' || webHost === '::1';
  return isAlone ? '127.0.0.0/8,::1/128' : undefined;
}

/** The variables that api and worker have in common. */
function serviceEnvironment(settings: LocalSettings, managementPort: number): Record<string, string> {
  return {
    PUBLIC_URL: settings.publicUrl,
    DATABASE_URL: databaseUrl(settings, 'app'),
    REDIS_URL: settings.redis.url,
    ...present({ SMTP_URL: process.env['SMTP_URL'] }),
    HOST: '127.0.0.1',
    MANAGEMENT_PORT: String(managementPort),
    // Nobody has to take it out of a load balancer here.
    DRAIN_DELAY_MS: '0',
    GRACE_PERIOD_MS: '5000',
  };
}

function managementReadiness(port: number): ProgramDefinition['readiness'] {
  return { kind: 'http', url: `http://127.0.0.1:${port}${probePaths.ready}`, intervalMs: 50 };
}

/** In development, a program starts anew when a file that it uses changes. */
function reloading({ dev }: LocalSettings, { args = [], ...rest }: ProgramDefinition): ProgramDefinition {
  return { ...rest, args: dev ? ['--watch', '--watch-preserve-output', ...args] : args };
}

function service(settings: LocalSettings, name: string): ProgramDefinition {
  return {
    command: process.execPath,
    args: [path.join(settings.repositoryRoot, 'services', name, 'src', 'main.ts')],
    cwd: settings.repositoryRoot,
  };
}

function webProgram(settings: LocalSettings, dependsOn: string[]): ProgramDefinition {
  return {
    command: process.execPath,
    args: [path.join(settings.repositoryRoot, 'local', 'start', 'web', 'main.ts')],
    cwd: settings.repositoryRoot,
    env: {
      ...present({ HOST: settings.webHost }),
      PORT: String(settings.ports.web),
      API_PORT: String(settings.ports.api),
      STATIC_DIR: path.join(settings.repositoryRoot, 'frontend', 'dist'),
    },
    readiness: webReadiness(settings),
    ...KEEP_UP,
    stopTimeoutMs: 5000,
    dependsOn,
  };
}

function webBuildProgram(settings: LocalSettings): ProgramDefinition {
  const frontend = path.join(settings.repositoryRoot, 'frontend');
  return {
    command: process.execPath,
    args: [viteProgram(frontend), 'build'],
    cwd: frontend,
    readiness: { kind: 'completed' },
    startTimeoutMs: 300_000,
    restart: 'never',
  };
}

function webDevProgram(settings: LocalSettings): ProgramDefinition {
  const frontend = path.join(settings.repositoryRoot, 'frontend');
  return {
    command: process.execPath,
    args: [viteProgram(frontend), ...(settings.webHost === undefined ? [] : ['--host', settings.webHost])],
    cwd: frontend,
    env: { PORT: String(settings.ports.web), TASKFLOW_API_URL: `http://127.0.0.1:${settings.ports.api}` },
    readiness: webReadiness(settings),
    restart: 'always',
    stopTimeoutMs: 5000,
  };
}

function webReadiness({ webHost, ports }: LocalSettings): ProgramDefinition['readiness'] {
  const isEverywhere = webHost === undefined || webHost === '0.0.0.0' || webHost === '::';
  return { kind: 'tcp', host: isEverywhere ? '127.0.0.1' : webHost, port: ports.web, intervalMs: 50 };
}

function viteProgram(frontend: string): string {
  const manifest = createRequire(path.join(frontend, 'package.json')).resolve('vite/package.json');
  return path.join(path.dirname(manifest), 'bin', 'vite.js');
}

function present(variables: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}
