import { type Database, sql } from '@taskflow/db';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../core/ids.ts';
import { newSecret } from '../core/secrets.ts';
import { createUnitOfWorkRunner, type UnitOfWorkRunner } from '../core/unit-of-work.ts';
import { type OpenTestDatabase, openTestDatabase } from '../testing/database.ts';
import { createMailDelivery } from './delivery.ts';
import type { MailDraft } from './mail-draft.ts';
import { createMailQueue, type MailAddressing } from './mail-queue.ts';
import { createMailService } from './service.ts';

let opened: OpenTestDatabase;
let database: Database;
let units: UnitOfWorkRunner;
/** A new account for every test. */
let userId: string;

beforeAll(async () => {
  opened = await openTestDatabase();
  database = opened.database;
  units = createUnitOfWorkRunner({ database, onCommitted: () => undefined });
});

beforeEach(async () => {
  userId = newId();
  await database.query(sql`insert into users (id, email, name) values (${userId}, ${`${userId}@example.com`}, 'Ann')`);
});

afterAll(() => opened.close());

const provider = 'mail.test';
const news: MailDraft = { kind: 'digest', subject: 'News', text: 'Hello', html: '<p>Hello</p>' };
const queue = (draft: MailDraft, to: Partial<MailAddressing> = {}, options: { server?: undefined } = {}) => {
  const server = 'server' in options ? undefined : provider;
  const mails = createMailQueue({ newId, newSecret, provider: server });
  return units.run((unit) => mails.queue(unit, draft, { address: 'ann@example.com', userId, ...to }));
};
const rowOf = async (id: string | undefined) => {
  const [row] = await database.query<Record<string, unknown>>(sql`
    select m.state, m.reason, m.subject, m.secret_link, m.holds_secret, j.type, j.priority, j.scope, j.payload, j.expires_at
    from mails m left join jobs j on j.id = m.job_id where m.id = ${id}`);
  return row;
};

describe('a mail', () => {
  it('is a row and a job of the same transaction', async () => {
    const id = await queue(news);
    expect(await rowOf(id)).toMatchObject({
      state: 'queued',
      type: 'email.send',
      priority: 'default',
      scope: provider,
      payload: { mailId: id, provider },
    });
    const mails = createMailQueue({ newId, newSecret, provider });
    let lost: string | undefined;
    await expect(
      units.run(async (unit) => {
        lost = await mails.queue(unit, news, { address: 'ann@example.com' });
        throw new Error('never mind');
      }),
    ).rejects.toThrow('never mind');
    expect(await rowOf(lost)).toBeUndefined();
  });

  it('that somebody waits for overtakes the others, and is of no use later', async () => {
    const expiresAt = new Date('2031-01-01T00:00:00Z');
    const id = await queue({ ...news, kind: 'password_reset' }, { expiresAt });
    expect(await rowOf(id)).toMatchObject({ priority: 'critical', expires_at: expiresAt });
  });

  it('has one line for a subject, however tasks are called', async () => {
    const id = await queue({ ...news, subject: `Ann\r\nBcc: all@example.com ${'x'.repeat(300)}` });
    const subject = (await rowOf(id))?.['subject'];
    expect(subject).toMatch(/^Ann Bcc: all@example\.com x+…$/);
    expect(String(subject)).toHaveLength(200);
  });

  it('is held back where there is no mail server, without what it would open', async () => {
    const id = await queue({ ...news, secretLink: 'https://taskflow.test/reset/abc' }, {}, { server: undefined });
    expect(await rowOf(id)).toMatchObject({
      state: 'suppressed',
      reason: 'no_smtp',
      secret_link: null,
      holds_secret: true,
      type: null,
    });
  });
});

describe('an address', () => {
  it('that nobody can have gets no mail: people of a demo live there', async () => {
    const id = await queue(
      { ...news, secretLink: 'https://taskflow.test/reset/abc' },
      { address: 'maya@works.example' },
    );
    expect(await rowOf(id)).toMatchObject({
      state: 'suppressed',
      reason: 'reserved_address',
      secret_link: null,
      type: null,
    });
    expect(await rowOf(await queue(news, { address: 'maya@example.org' }))).toMatchObject({ state: 'queued' });
  });
});

describe('a topic', () => {
  const assigned: MailDraft = { ...news, topic: 'assigned' };

  it('is turned off by the link of its mails, and by nothing else', async () => {
    const mail = createMailService({ executor: database, newId, newSecret, provider });
    expect(await queue(assigned)).toBeDefined();
    expect(await queue(assigned)).toBeDefined();
    const rows = await database.query<{ unsubscribe_token: string }>(
      sql`select unsubscribe_token from mail_subscriptions where user_id = ${userId}`,
    );
    expect(rows).toHaveLength(1);
    const token = rows[0]?.unsubscribe_token ?? '';
    expect(await units.run((unit) => mail.unsubscribe(unit, token))).toBe('assigned');
    expect(await units.run((unit) => mail.unsubscribe(unit, token))).toBe('assigned');
    expect(await queue(assigned)).toBeUndefined();
    expect(await queue({ ...news, topic: 'mentioned' })).toBeDefined();
    expect(await queue(news)).toBeDefined();
    expect(await mail.topicsTurnedOff(userId)).toEqual(['assigned']);
    for (const wrong of [newSecret(), 'x', '\u0000']) {
      await expect(units.run((unit) => mail.unsubscribe(unit, wrong))).rejects.toMatchObject({ code: 'not_found' });
    }
    await units.run((unit) => mail.subscribe(unit, userId, 'assigned', true));
    expect(await queue(assigned)).toBeDefined();
    expect(await mail.topicsTurnedOff(userId)).toEqual([]);
    await units.run((unit) => mail.subscribe(unit, userId, 'overdue', false));
    expect(await queue({ ...news, topic: 'overdue' })).toBeUndefined();
  });

  it('that was turned off since, or whose account is gone, is not sent any more', async () => {
    const delivery = createMailDelivery({ executor: database, publicUrl: 'https://taskflow.test' });
    const find = async (id: string | undefined) => {
      const [row] = await database.query<{ job_id: string }>(sql`select job_id from mails where id = ${id}`);
      return delivery.find(id ?? '', row?.job_id ?? '');
    };
    const mail = createMailService({ executor: database, newId, newSecret, provider });
    const [late, other] = [await queue(assigned), await queue({ ...news, topic: 'mentioned' })];
    expect(await find(late)).toBeDefined();
    await units.run((unit) => mail.subscribe(unit, userId, 'assigned', false));
    expect(await find(late)).toBeUndefined();
    expect(await find(other)).toBeDefined();
    await database.query(sql`update users set anonymised_at = now(), email = null where id = ${userId}`);
    expect(await find(other)).toBeUndefined();
    const mails = createMailQueue({ newId, newSecret, provider });
    const stranger = await units.run((unit) => mails.queue(unit, news, { address: 'new@example.com' }));
    expect(await find(stranger)).toBeDefined();
  });

  it('needs an account that could turn it off', async () => {
    const mails = createMailQueue({ newId, newSecret, provider });
    await expect(
      units.run((unit) => mails.queue(unit, assigned, { address: 'ann@example.com' })),
    ).rejects.toBeInstanceOf(RangeError);
  });
});
