import { type Database, one, sql } from '@taskflow/db';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryWords, textQuery } from './text-query.ts';
import { type OpenTestDatabase, openTestDatabase } from '../testing/database.ts';

let opened: OpenTestDatabase;
let database: Database;

beforeAll(async () => {
  opened = await openTestDatabase();
  database = opened.database;
});

afterAll(() => opened.close());

async function matches(q: string, text: string): Promise<boolean> {
  const row = await one<{ found: boolean | null }>(
    database,
    sql`select to_tsvector('simple', lower(${text}::text)) @@ ${textQuery(q)} as found`,
  );
  return row.found === true;
}

describe('textQuery', () => {
  it.each([
    ['depl', 'Deploy the worker'],
    ['WORK dep', 'Deploy the worker'],
    ['éco жУК', 'École et Жук'],
    ['foo-ba', 'a foo-bar here'],
    ['example.co', 'see https://example.com/path'],
    ["o'bri", "Ask O'Brien"],
    ['C:\\temp', 'in C:\\temp\\x'],
    ['日本', '日本語'],
  ])('%s is found in %s', async (q, text) => {
    expect(await matches(q, text)).toBe(true);
  });

  it.each([
    ['loy', 'Deploy the worker'],
    ['deploy redis', 'Deploy the worker'],
    ['deploy | redis', 'Deploy the worker'],
    ['!redis', 'Deploy the worker'],
    ['', 'Deploy the worker'],
    ['&|!:*()<-> \'"\\', 'Deploy the worker'],
  ])('%s is not found in %s', async (q, text) => {
    expect(await matches(q, text)).toBe(false);
  });

  it('takes any text without an error', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.constantFrom(
        "'",
        '"',
        '\\',
        ':*',
        '&',
        '|',
        '!',
        '<->',
        '(',
        ')',
        '\u0000',
        '\uD800',
        '🎉',
        "''",
        '\\\\',
        ' ',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        expect(await matches(pieces.join(''), 'Deploy the worker')).toBeTypeOf('boolean');
      }),
      { numRuns: 200 },
    );
  });

  it('finds every text by its own words', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (text) => {
        const { words } = await one<{ words: string[] | null }>(database, sql`select ${queryWords(text)} as words`);
        expect(await matches(text, `before ${text}`)).toBe(words !== null);
      }),
      { numRuns: 100 },
    );
  });
});
