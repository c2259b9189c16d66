import { type Database, one, sql } from '@taskflow/db';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { escaped, jsonObject, nested, plain, plainOrNull, quoted, quotedOrNull } from './json.ts';
import { type OpenTestDatabase, openTestDatabase } from '../testing/database.ts';

let opened: OpenTestDatabase;
let database: Database;

beforeAll(async () => {
  opened = await openTestDatabase();
  database = opened.database;
});

afterAll(() => opened.close());

describe('jsonObject', () => {
  it('builds what JSON.stringify would, whatever the texts and numbers', async () => {
    const storable = fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed() && !text.includes('\0'));
    await fc.assert(
      fc.asyncProperty(storable, fc.integer(), fc.uuid(), fc.option(fc.uuid()), async (text, number, id, parent) => {
        const object = jsonObject({
          text: escaped(sql`${text}::text`),
          number: plain(sql`${number}::bigint`),
          id: quoted(sql`${id}::uuid`),
          parent: quotedOrNull(sql`${parent}::uuid`),
          inner: nested({ none: plainOrNull(sql`null::numeric`), some: plainOrNull(sql`1.50::numeric`) }),
        });
        const { json } = await one<{ json: string }>(database, sql`select ${object} as json`);
        expect(JSON.parse(json)).toEqual({ text, number, id, parent, inner: { none: null, some: 1.5 } });
      }),
      { numRuns: 200 },
    );
  });
});
