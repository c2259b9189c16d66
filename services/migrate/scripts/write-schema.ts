import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, dumpSchema } from '@taskflow/db';
import { startPostgres } from '@taskflow/local/embedded';
import { prepareDatabase } from '@taskflow/migrate';

/** Migrates an empty database and writes its description to services/db/schema.sql. */
const target = path.resolve(import.meta.dirname, '../../db/schema.sql');
const dataDir = await mkdtemp(path.join(tmpdir(), 'taskflow-schema-'));
const postgres = await startPostgres({ dataDir, durability: 'disposable' });
try {
  const passwords = { owner: 'owner-for-dump', app: 'app-for-dump', readonly: 'readonly-for-dump' };
  await prepareDatabase({ adminUrl: postgres.adminUrl, passwords, log: () => undefined });
  const database = createDatabase({
    url: postgres.adminUrl,
    applicationName: 'taskflow-schema-dump',
    pool: { max: 1, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 30_000,
    connectTimeoutMs: 5_000,
  });
  await writeFile(target, await dumpSchema(database));
  await database.close();
} finally {
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}
