import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase, testRedisUrl } from './index.ts';

describe('createTestDatabase', () => {
  let first: TestDatabase;
  let second: TestDatabase;

  beforeAll(async () => {
    [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  });

  afterAll(async () => {
    await Promise.all([first.drop(), second.drop()]);
  });

  it('gives each caller a database of its own', async () => {
    await query(first.urls.admin, 'CREATE TABLE only_here (id int)');
    const rows = await query(second.urls.admin, "SELECT to_regclass('only_here') AS found");
    expect(rows).toEqual([{ found: null }]);
  });

  it('hands out the three roles of the product, each with its own rights', async () => {
    const { urls } = first;
    await expect(query(urls.app, 'SELECT current_user AS role')).resolves.toEqual([{ role: 'taskflow_app' }]);
    await expect(query(urls.app, 'CREATE TABLE forbidden (id int)')).rejects.toThrow('permission denied');
    await expect(query(urls.readonly, 'SELECT id FROM workspaces')).resolves.toEqual([]);
    await expect(query(urls.owner, 'CREATE TABLE allowed (id int)')).resolves.toEqual([]);
  });

  it('drops a database that still has connections', async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({ connectionString: database.urls.admin });
    client.on('error', () => undefined);
    await client.connect();
    await database.drop();
    await expect(client.query('SELECT 1')).rejects.toThrow();
  });
});

describe('testRedisUrl', () => {
  it('never hands out the same logical database twice', async () => {
    const urls = await Promise.all([testRedisUrl(), testRedisUrl(), testRedisUrl()]);
    expect(new Set(urls.map((url) => new URL(url).pathname)).size).toBe(3);
    expect(urls.map((url) => new URL(url).pathname)).not.toContain('/0');
  });
});

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result: { rows: unknown[] } = await client.query(statement);
    return result.rows;
  } finally {
    await client.end();
  }
}
