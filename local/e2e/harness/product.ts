import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { User } from '@taskflow/contract/auth';
import { type ApiClient, createApiClient } from '../../api-client/api-client.ts';
import { findFreePort } from '../../embedded/index.ts';
import { startWebServer } from '../../start/web/web-server.ts';
import {
  type ApiProgram,
  type ServiceProgram,
  startApiProgram,
  startWorkerProgram,
} from '../../testing/service-program.ts';

const staticDirectory = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '..',
  '..',
  '..',
  'frontend',
  'dist',
);

/** A person with an account, signed in over the API. */
export interface Person {
  readonly user: User;
  readonly password: string;
  readonly client: ApiClient;
}

/** The whole product: the real api process behind the real web program, and a real worker. */
export interface Product {
  /** Where people reach it. */
  readonly url: string;
  readonly api: ApiProgram;
  readonly worker: ServiceProgram;
  /** Registers somebody. */
  person(name: string): Promise<Person>;
  /** Somebody without a session. */
  stranger(): ApiClient;
  stop(): Promise<void>;
}

/** A person in front of a screen does not want to wait, and endpoints of tests are on this machine. */
const workerEnvironment = { COOLDOWN_PERIOD: '2', RETRY_DELAY_MS: '200', WEBHOOK_ALLOWED_CIDRS: '127.0.0.0/8' };

/** Starts the product on free ports, over a migrated database. */
export async function startProduct(on: { readonly databaseUrl: string; readonly redisUrl: string }): Promise<Product> {
  const webPort = await findFreePort();
  const url = `http://localhost:${webPort}`;
  const settings = { ...on, publicUrl: url };
  const [api, worker] = await Promise.all([
    startApiProgram(settings),
    startWorkerProgram({ ...settings, env: workerEnvironment }),
  ]);
  const web = await startWebServer({ port: webPort, apiPort: api.port, staticDirectory });
  let people = 0;
  return {
    url,
    api,
    worker,
    stranger: () => createApiClient(url),
    async person(name) {
      people += 1;
      const client = createApiClient(url);
      const email = `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}.${people}@example.com`;
      const password = 'correct horse battery';
      const { user } = await client.call('POST /auth/register', { body: { email, password, name } });
      return { user, password, client };
    },
    async stop() {
      await web.close();
      await Promise.all([api.stop(), worker.stop()]);
    },
  };
}
