import { type Database, sql } from '@taskflow/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../core/ids.ts';
import { holdAccount, insertAccount, setPasswordHash } from './account-repository.ts';
import { type OpenTestDatabase, openTestDatabase } from '../testing/database.ts';

let opened: OpenTestDatabase;
let database: Database;

beforeAll(async () => {
  opened = await openTestDatabase();
  database = opened.database;
});

afterAll(() => opened.close());

const account = (name: string, mustBeFirst = false) => ({
  id: newId(),
  email: `${newId()}@example.com`,
  name,
  passwordHash: 'hash',
  isListedOperator: false,
  mustBeFirst,
});

/** Holds every transaction open until all of them have begun. */
function startTogether(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let missing = count;
  return () => {
    missing -= 1;
    if (missing === 0) {
      resolve();
    }
    return promise;
  };
}

describe('insertAccount', () => {
  it('makes exactly one first account, and welcomes only that one where an invitation is needed', async () => {
    const together = startTogether(8);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) =>
        database.transaction(async (tx) => {
          await tx.query(sql`select 1`);
          await together();
          return insertAccount(tx, account('First', n % 2 === 0));
        }),
      ),
    );
    const [{ operators, people } = { operators: 0, people: 0 }] = await database.query<{
      operators: number;
      people: number;
    }>(sql`select count(*) filter (where is_operator)::int as operators, count(*)::int as people from users`);
    expect(operators).toBe(1);
    expect(people).toBe(outcomes.filter(({ status }) => status === 'fulfilled').length);
    expect(people).toBeOneOf([4, 5]);
  });
});

describe('holdAccount', () => {
  it('does not hold an account whose password was changed since it was checked', async () => {
    const ann = account('Ann');
    await database.transaction((tx) => insertAccount(tx, ann));
    await database.transaction(async (tx) => {
      expect(await holdAccount(tx, ann.id, 'hash')).toEqual({ is_operator: false, is_verified: false });
      await setPasswordHash(tx, ann.id, 'another hash');
      expect(await holdAccount(tx, ann.id, 'hash')).toBeUndefined();
    });
  });
});
