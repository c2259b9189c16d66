import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { prepareDatabase } from '@taskflow/migrate';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../postgres/start-postgres.ts';
import { startRedis } from '../redis/start-redis.ts';
import { signalProcess } from '../server-process.ts';
import { TEST_REDIS_DATABASES } from './coordinates.ts';

const FOLDER_PREFIX = 'taskflow-test-';
const TEMPLATE_DATABASE = 'taskflow_template';
const PASSWORDS = { owner: 'owner-for-tests', app: 'app-for-tests', readonly: 'readonly-for-tests' };

/**
 * Global setup of a vitest project: one PostgreSQL and one Redis for the whole run, on free ports and in a temporary
 * folder, with one migrated template database. Both end with the run, whatever ends it.
 *
 * @returns the teardown
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepLeftovers();
  const folder = await mkdtemp(path.join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  const [postgres, redis] = await Promise.all([
    startPostgres({ dataDir: path.join(folder, 'postgres'), durability: 'disposable', maxConnections: 400 }),
    startRedis({
      dataDir: path.join(folder, 'redis'),
      durability: 'disposable',
      databases: TEST_REDIS_DATABASES,
      // Never the server of REDIS_URL: tests empty what they use.
      env: { ...process.env, REDIS_URL: process.env['TEST_REDIS_URL'] ?? '' },
    }),
  ]);
  const teardown = async (): Promise<void> => {
    await Promise.all([postgres.stop(), redis.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await createTemplate(postgres.adminUrl);
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide('taskflow', {
    adminUrl: postgres.adminUrl,
    templateDatabase: TEMPLATE_DATABASE,
    passwords: PASSWORDS,
    redisUrl: redis.url,
  });
  return teardown;
}

async function createTemplate(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
  } finally {
    await admin.end();
  }
  const templateUrl = new URL(adminUrl);
  templateUrl.pathname = `/${TEMPLATE_DATABASE}`;
  await prepareDatabase({ adminUrl: templateUrl.href, passwords: PASSWORDS, log: () => undefined });
}

/** Removes the folders of runs that were killed before they could. */
async function sweepLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${FOLDER_PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (Number.isInteger(pid) && !signalProcess(pid, 0)) {
      await rm(path.join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}
