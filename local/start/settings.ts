import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { ports as defaultPorts } from '@taskflow/contract/platform';
import { z } from 'zod';
import { findFreePort, isPortFree, postgresAdminUrl, redisUrl } from '../embedded/index.ts';
import type { DataDirectory } from './data-directory.ts';

/** Everything the programs of one run need to know of each other. */
export interface LocalSettings {
  readonly repositoryRoot: string;
  readonly data: DataDirectory;
  readonly ports: LocalPorts;
  /** Passwords of the three database roles. */
  readonly passwords: z.infer<typeof passwordsSchema>;
  /** Superuser, database `taskflow`. */
  readonly adminUrl: string;
  readonly redis: { readonly kind: 'embedded' | 'external'; readonly url: string };
  /** Address the web app listens on; undefined: both loopback addresses. */
  readonly webHost: string | undefined;
  /** Where people reach it, such as `http://localhost:3000`. */
  readonly publicUrl: string;
  /** Hot reload of api, worker and web. */
  readonly dev: boolean;
}

/** Loopback ports by program. */
export interface LocalPorts {
  readonly web: number;
  readonly api: number;
  readonly apiManagement: number;
  readonly workerManagement: number;
  readonly postgres: number;
  readonly redis: number;
}

/** The database that everything lives in. */
export const DATABASE = 'taskflow';

const passwordsSchema = z.object({ owner: z.string(), app: z.string(), readonly: z.string() });

/** What the person asked for. */
export interface SettingsOptions {
  readonly repositoryRoot: string;
  readonly data: DataDirectory;
  /** Port of the web app; undefined: the usual one, else any; 0: any, for every program. */
  readonly webPort: number | undefined;
  readonly webHost: string | undefined;
  readonly dev: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** Told when a usual port is taken. */
  readonly log: (message: string) => void;
}

/**
 * Settles ports, passwords and addresses for a run.
 *
 * @throws when the web port that was asked for is taken
 */
export async function settle(options: SettingsOptions): Promise<LocalSettings> {
  const { data, env } = options;
  const ports = await choosePorts(options);
  const external = env['REDIS_URL'];
  return {
    repositoryRoot: options.repositoryRoot,
    data,
    ports,
    passwords: await rolePasswords(data.secretsFile),
    adminUrl: await postgresAdminUrl(data.postgres, ports.postgres, DATABASE),
    redis:
      external === undefined || external === ''
        ? { kind: 'embedded', url: await redisUrl(data.redis, ports.redis) }
        : { kind: 'external', url: external },
    webHost: options.webHost,
    publicUrl: env['PUBLIC_URL'] ?? `http://localhost:${ports.web}`,
    dev: options.dev,
  };
}

/** Connection string of one of the three database roles. */
export function databaseUrl(settings: LocalSettings, role: keyof LocalSettings['passwords']): string {
  const url = new URL(settings.adminUrl);
  url.username = `taskflow_${role}`;
  url.password = settings.passwords[role];
  return url.href;
}

async function choosePorts(options: SettingsOptions): Promise<LocalPorts> {
  const { webPort, log } = options;
  if (webPort !== undefined && webPort !== 0 && !(await isWebPortFree(webPort))) {
    throw new Error(`Port ${webPort} is taken by another program. Choose another one with --port.`);
  }
  const taken = new Set<number>();
  const choose = async (what: string, usual: number, isFree = isPortFree): Promise<number> => {
    if (webPort === 0) {
      return findFreePort();
    }
    const usable = !taken.has(usual) && (await isFree(usual));
    const port = usable ? usual : await findFreePort();
    if (!usable) {
      log(`Port ${usual} is taken, ${what} uses ${port} instead`);
    }
    taken.add(port);
    return port;
  };
  return {
    web:
      webPort === undefined || webPort === 0
        ? await choose('the web app', defaultPorts.frontend, isWebPortFree)
        : webPort,
    api: await choose('the API', defaultPorts.api),
    apiManagement: await choose("the API's management", defaultPorts.apiManagement),
    workerManagement: await choose("the worker's management", defaultPorts.workerManagement),
    postgres: await choose('PostgreSQL', defaultPorts.postgres),
    redis: await choose('Redis', defaultPorts.redis),
  };
}

/** A browser takes `localhost` for either address, so another program on one of them would get half the visits. */
async function isWebPortFree(port: number): Promise<boolean> {
  const ipv6Exists = await isPortFree(0, '::1');
  return (await isPortFree(port)) && (!ipv6Exists || (await isPortFree(port, '::1')));
}

async function rolePasswords(file: string): Promise<z.infer<typeof passwordsSchema>> {
  const existing = await readFile(file, 'utf8').catch(() => undefined);
  if (existing !== undefined) {
    return passwordsSchema.parse(JSON.parse(existing));
  }
  const create = (): string => randomBytes(24).toString('base64url');
  const passwords = { owner: create(), app: create(), readonly: create() };
  await writeFile(file, `${JSON.stringify(passwords, undefined, 2)}\n`, { mode: 0o600 });
  return passwords;
}
