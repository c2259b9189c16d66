import { loadApiConfig } from '@taskflow/config';
import { createTestDatabase, type TestDatabase, testRedisUrl } from '@taskflow/local/embedded/testing';
import { createLogger } from '@taskflow/telemetry';
import { createApiProcess } from '../process.ts';
import { type Client, createClient } from './client.ts';

/** A person of a test, signed in. */
export interface Person extends Client {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** One or more api processes over one database of their own. */
export interface TestApi {
  readonly baseUrl: string;
  /** Of the management port. */
  readonly managementUrl: string;
  readonly database: TestDatabase;
  /** Every line of the log. */
  readonly logLines: readonly string[];
  /** Somebody without a session. */
  anonymous(headers?: Readonly<Record<string, string>>): Client;
  /** Registers and signs in. */
  person(name: string): Promise<Person>;
  /** The same clients' view of another process. */
  at(baseUrl: string, person: Client): Client;
  /** Starts another process on the same database and Redis. */
  another(): Promise<TestApi>;
  stop(): Promise<void>;
}

/** Options of {@link startTestApi}. */
interface TestApiOptions {
  /** Variables of the api's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Use this database instead of a new one. */
  readonly database?: TestDatabase;
  /** Use this Redis instead of one of the test file's own. */
  readonly redisUrl?: string;
}

let people = 0;

/** Starts the real thing on free ports. `stop` it in `afterAll`. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const database = options.database ?? (await createTestDatabase());
  const redisUrl = options.redisUrl ?? (await testRedisUrl());
  const logLines: string[] = [];
  const config = loadApiConfig({
    PUBLIC_URL: 'http://taskflow.test',
    DATABASE_URL: database.urls.app,
    REDIS_URL: redisUrl,
    HOST: '127.0.0.1',
    PORT: '0',
    MANAGEMENT_PORT: '0',
    DRAIN_DELAY_MS: '0',
    GRACE_PERIOD_MS: '5000',
    TRUSTED_PROXY_HOPS: '1',
    ...options.env,
  });
  const log = createLogger({
    service: 'api',
    level: 'info',
    destination: { write: (line) => void logLines.push(line) },
  });
  const { lifecycle, ports } = createApiProcess({ config, log, version: '0.0.0' });
  await lifecycle.start();
  const baseUrl = `http://127.0.0.1:${ports.http}`;
  return {
    baseUrl,
    managementUrl: `http://127.0.0.1:${ports.management}`,
    database,
    logLines,
    anonymous: (headers) => createClient(baseUrl, headers),
    async person(name) {
      people += 1;
      // an address of its own, so that people of one test do not share limits by address
      const client = createClient(baseUrl, {
        'x-forwarded-for': `10.${process.pid % 250}.${people >> 8}.${people & 255}`,
      });
      const email = `${name.toLowerCase().replaceAll(/[^a-z]/g, '')}-${process.pid}-${people}@example.com`;
      const password = 'correct horse battery';
      const { user } = await client.call('POST /auth/register', { body: { email, password, name } });
      return Object.assign(client, { id: user.id, name, email, password });
    },
    at(otherUrl, person) {
      const client = createClient(otherUrl);
      client.cookie = person.cookie;
      return client;
    },
    another: () => startTestApi({ ...options, database, redisUrl }),
    async stop() {
      await lifecycle.stop('the test is over');
      if (options.database === undefined) {
        await database.drop();
      }
    },
  };
}
