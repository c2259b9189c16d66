import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@taskflow/local/embedded/testing';
import { raw } from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from './database.ts';
import { dumpSchema } from './dump-schema.ts';
import { openDatabase } from './testing/open-database.ts';

const committed = readFileSync(resolve(import.meta.dirname, '../schema.sql'), 'utf8');

describe('dumpSchema', () => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase(test.urls.admin);
  });

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('describes a migrated database as schema.sql does (npm run schema:dump -w services/db)', async () => {
    expect(await dumpSchema(database)).toBe(committed);
  });

  it('shows every kind of change', async () => {
    const changes = [
      `CREATE TYPE mood AS ENUM ('sad', 'ok')`,
      `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
      `CREATE SEQUENCE tickets AS bigint START 5`,
      `CREATE TABLE dumped (id int GENERATED ALWAYS AS IDENTITY, mood mood NOT NULL DEFAULT 'ok', name text COLLATE "C",
         doubled int GENERATED ALWAYS AS (id * 2) STORED, CONSTRAINT named CHECK (name <> ''))`,
      `CREATE INDEX dumped_mood ON dumped (mood) WHERE name IS NOT NULL`,
      `CREATE TRIGGER dumped_touch BEFORE UPDATE ON dumped FOR EACH ROW EXECUTE FUNCTION touch()`,
      `CREATE VIEW happy AS SELECT id FROM dumped WHERE mood = 'ok'`,
      `GRANT SELECT (name) ON dumped TO taskflow_readonly`,
    ];
    for (const change of changes) {
      await database.query(raw(change));
    }
    const added = (await dumpSchema(database)).split('\n').filter((line) => !committed.split('\n').includes(line));
    expect(added.join('\n')).toMatchInlineSnapshot(`
      "CREATE TYPE mood AS ENUM ('sad', 'ok');
      CREATE OR REPLACE FUNCTION public.touch()
       RETURNS trigger
      AS $function$BEGIN RETURN NEW; END$function$;
      CREATE SEQUENCE dumped_id_seq AS integer START 1 INCREMENT 1;
      CREATE SEQUENCE tickets AS bigint START 5 INCREMENT 1;
      CREATE TABLE dumped (
        id integer GENERATED ALWAYS AS IDENTITY NOT NULL,
        mood mood DEFAULT 'ok'::mood NOT NULL,
        name text COLLATE "C",
        doubled integer GENERATED ALWAYS AS ((id * 2)) STORED
      ALTER TABLE dumped ADD CONSTRAINT named CHECK ((name <> ''::text));
      CREATE INDEX dumped_mood ON public.dumped USING btree (mood) WHERE (name IS NOT NULL);
      CREATE TRIGGER dumped_touch BEFORE UPDATE ON public.dumped FOR EACH ROW EXECUTE FUNCTION touch();
      -- Views
      CREATE VIEW happy AS
       SELECT id
         FROM dumped
        WHERE (mood = 'ok'::mood);
      GRANT SELECT (name) ON dumped TO taskflow_readonly;"
    `);
  });
});
