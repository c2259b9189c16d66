import { type Database, type QueryInfo, sql } from '@taskflow/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../core/ids.ts';
import { newSecret } from '../core/secrets.ts';
import { createUnitOfWorkRunner, type UnitOfWorkRunner } from '../core/unit-of-work.ts';
import { createMailQueue } from '../mail/mail-queue.ts';
import { type OpenTestDatabase, openTestDatabase } from '../testing/database.ts';
import { createPasswordRecovery, forgotPassword } from './recovery.ts';

let opened: OpenTestDatabase;
let database: Database;
let units: UnitOfWorkRunner;
const statements: QueryInfo[] = [];

beforeAll(async () => {
  opened = await openTestDatabase((info) => void statements.push(info));
  database = opened.database;
  units = createUnitOfWorkRunner({ database, onCommitted: () => undefined });
  await database.query(sql`insert into users (id, email, name) values (${newId()}, 'ann@example.com', 'Ann')`);
});

afterAll(() => opened.close());

const now = () => Date.parse('2030-01-01T12:00:00Z');
const ask = (email: string, allowed = true) =>
  forgotPassword(
    { units, now, mailAllowance: { spend: () => Promise.resolve({ allowed, resetSeconds: 60 }) } },
    { email },
  );

async function statementsOf(work: () => Promise<void>): Promise<string[]> {
  statements.length = 0;
  await work();
  return statements.map(({ text, rowCount }) => `${rowCount} ${text}`);
}

describe('a forgotten password', () => {
  it('costs the same statements whether or not there is an account, and none looks for it', async () => {
    const known = await statementsOf(() => ask('ann@example.com'));
    const unknown = await statementsOf(() => ask('nobody@example.com'));
    expect(unknown).toEqual(known);
    expect(known.join()).not.toContain('users');
    expect(
      await database.query(sql`
        select payload, priority, expires_at::text from jobs where type = 'password.forgot' order by id`),
    ).toEqual([
      { payload: { email: 'ann@example.com' }, priority: 'critical', expires_at: '2030-01-01 12:30:00+00' },
      { payload: { email: 'nobody@example.com' }, priority: 'critical', expires_at: '2030-01-01 12:30:00+00' },
    ]);
  });

  it('does nothing, silently, when it is asked for too often', async () => {
    expect(await statementsOf(() => ask('ann@example.com', false))).toEqual([]);
  });

  it('becomes a mail for those who have an account, and nothing for others', async () => {
    const mails = createMailQueue({ newId, newSecret, provider: 'mail.test' });
    const recovery = createPasswordRecovery({ mails, newId, newSecret, publicUrl: 'https://taskflow.test', now });
    await units.run(async (unit) => {
      await recovery.send(unit, 'ann@example.com');
      await recovery.send(unit, 'nobody@example.com');
    });
    const sent = await database.query<{ to_address: string; secret_link: string; text: string; priority: string }>(sql`
      select m.to_address, m.secret_link, m.text, j.priority from mails m join jobs j on j.id = m.job_id`);
    expect(sent).toMatchObject([{ to_address: 'ann@example.com', priority: 'critical' }]);
    expect(sent[0]?.secret_link).toMatch(/^https:\/\/taskflow\.test\/reset\/[\w-]{43}$/);
    expect(sent[0]?.text).not.toContain('/reset/');
    const links = await database.query<{ minutes: number }>(sql`
      select extract(epoch from expires_at - created_at)::int / 60 as minutes from account_links`);
    expect(links).toEqual([{ minutes: 30 }]);
  });
});
