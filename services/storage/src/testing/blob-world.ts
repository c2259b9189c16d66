import { randomUUID } from 'node:crypto';
import { createTestDatabase } from '@taskflow/local/embedded/testing';
import { Pool } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import type { BlobDatabase } from '../blob-database.ts';

/** A database of a test file's own, with somebody whom blobs can belong to. */
export interface BlobWorld {
  readonly database: BlobDatabase;
  readonly description: {
    readonly workspaceId: string;
    readonly createdBy: string;
    readonly fileName: string;
    readonly mediaType: string;
  };
  close(): Promise<void>;
}

/** Opens a new database; `close` it in `afterAll`. */
export async function createBlobWorld(): Promise<BlobWorld> {
  const testDatabase = await createTestDatabase();
  const pool = new Pool({ connectionString: testDatabase.urls.app, max: 3 });
  const database: BlobDatabase = {
    async query<Row extends Record<string, unknown>>(statement: Sql): Promise<Row[]> {
      const { rows } = await pool.query<Row>({ text: statement.text, values: statement.values });
      return rows;
    },
  };
  const [workspaceId, createdBy] = [randomUUID(), randomUUID()];
  await database.query(sql`insert into users (id, name) values (${createdBy}, 'Olga')`);
  await database.query(sql`insert into workspaces (id, slug, name) values (${workspaceId}, 'works', 'Works')`);
  return {
    database,
    description: { workspaceId, createdBy, fileName: 'a.zip', mediaType: 'application/zip' },
    async close() {
      await pool.end();
      await testDatabase.drop();
    },
  };
}
