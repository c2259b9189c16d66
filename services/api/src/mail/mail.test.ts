import { problemSchema } from '@taskflow/contract/http';
import { createDatabase, type Database, one, sql } from '@taskflow/db';
import { newId, newSecret } from '@taskflow/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statusesOf } from '../testing/team.ts';
import { type Person, startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let database: Database;
let operator: Person;

beforeAll(async () => {
  api = await startTestApi({ env: { SMTP_URL: 'smtps://user:secret@mail.test' } });
  database = createDatabase({
    url: api.database.urls.owner,
    applicationName: 'test',
    pool: { max: 2, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
  });
  operator = await api.person('First');
});

afterAll(async () => {
  await database.close();
  await api.stop();
});

const mailTo = (address: string, kind: string) =>
  one<{ id: string; job_id: string; secret_link: string; message_key: string; state: string; priority: string }>(
    database,
    sql`
      select m.id, m.job_id, m.secret_link, m.message_key, m.state, j.priority
      from mails m join jobs j on j.id = m.job_id where m.to_address = ${address} and m.kind = ${kind}`,
  );
const resend = (id: string) => operator.send('POST /mails/{id}/resend', { params: { id } });
/** What the worker leaves behind. */
const settle = async (id: string, state: 'sent' | 'failed') => {
  await database.query(sql`
    update jobs j set state = 'succeeded', finished_at = now() from mails m where m.id = ${id} and j.id = m.job_id`);
  await database.query(sql`
    update mails set state = ${state}::mail_state, secret_link = null, sent_at = now(), error_code = 'SMTP_MAILBOX'
    where id = ${id}`);
};
const plainMail = async () => {
  const [id, jobId] = [newId(), newId()];
  await database.query(sql`
    insert into jobs (id, type, priority, payload, state, finished_at)
    values (${jobId}, 'email.send', 'default', '{}', 'succeeded', now())`);
  await database.query(sql`
    insert into mails (id, kind, to_address, subject, text, html, state, message_key, job_id)
    values (${id}, 'digest', 'plain@example.com', 'News', 'News', '<p>News</p>', 'queued', ${id}, ${jobId})`);
  return id;
};

describe('mails', () => {
  it('are listed to operators by state, newest first, page by page', async () => {
    const people = [await api.person('Ann'), await api.person('Bob'), await api.person('Cid')];
    const first = await operator.call('GET /mails', { query: { state: 'queued', limit: 2 } });
    expect(first.items.map(({ to }) => to)).toEqual([people[2]?.email, people[1]?.email]);
    const rest = await operator.call('GET /mails', {
      query: { state: 'queued', limit: 2, cursor: first.nextCursor ?? '' },
    });
    expect(rest.items[0]).toMatchObject({ to: people[0]?.email, kind: 'email_verification', state: 'queued' });
    expect((await operator.call('GET /mails', { query: { state: 'failed' } })).items).toEqual([]);
    const other = await operator.send('GET /mails', { query: { cursor: first.nextCursor ?? '' } });
    expect(other.status).toBe(422);
  });

  it('show what they say, but never what lets somebody in', async () => {
    const ann = await api.person('Ann');
    const { id, secret_link: link } = await mailTo(ann.email, 'email_verification');
    expect(link).toMatch(/^http:\/\/taskflow\.test\/verify\/[\w-]{43}$/);
    const answer = await operator.send('GET /mails/{id}', { params: { id } });
    expect(answer.json).toMatchObject({ holdsSecret: true, to: ann.email });
    expect(answer.text).toContain('Verify your address');
    expect(answer.text).not.toContain(link.split('/').at(-1));
    for (const unknown of [newId(), 'x', '%00']) {
      expect((await operator.send('GET /mails/{id}', { params: { id: unknown } })).status).toBe(404);
    }
  });

  it('are sent again once they are not on their way any more, by a job of their own', async () => {
    const ann = await api.person('Ann');
    const mail = await mailTo(ann.email, 'email_verification');
    expect(mail.priority).toBe('critical');
    expect((await resend(mail.id)).status).toBe(409);
    await database.query(sql`update jobs set state = 'quarantined', reason = 'exhausted' where id = ${mail.job_id}`);
    const answers = await Promise.all([resend(mail.id), resend(mail.id)]);
    expect(statusesOf(answers)).toEqual([200, 409]);
    const again = await mailTo(ann.email, 'email_verification');
    expect(again).toMatchObject({ state: 'queued', message_key: mail.id, priority: 'critical' });
    expect(again.job_id).not.toBe(mail.job_id);
  });

  it('go out as new ones when they were sent before', async () => {
    const id = await plainMail();
    await settle(id, 'sent');
    expect(await resend(id)).toMatchObject({ status: 200, json: { state: 'queued', sentAt: null, errorCode: null } });
    expect((await mailTo('plain@example.com', 'digest')).message_key).not.toBe(id);
  });

  it('whose link is gone are not sent again', async () => {
    const ann = await api.person('Ann');
    const { id } = await mailTo(ann.email, 'email_verification');
    await settle(id, 'failed');
    const answer = await resend(id);
    expect(answer.status).toBe(409);
    expect(problemSchema.parse(answer.json).detail).toMatch(/link/);
  });

  it('are held back, and not sent again, where there is no mail server', async () => {
    const quiet = await startTestApi();
    const first = await quiet.person('First');
    expect((await quiet.anonymous().call('GET /instance')).sendsMail).toBe(false);
    expect((await api.anonymous().call('GET /instance')).sendsMail).toBe(true);
    const [mail] = (await first.call('GET /mails', { query: { state: 'suppressed' } })).items;
    expect(mail).toMatchObject({ kind: 'email_verification', reason: 'no_smtp', jobId: null });
    const answer = await first.send('POST /mails/{id}/resend', { params: { id: mail?.id ?? '' } });
    expect(answer.status).toBe(409);
    await quiet.stop();
  });
});

describe('an invitation', () => {
  it('goes to the address that it is for, with the link that the inviter sees too', async () => {
    const { id } = await operator.call('POST /workspaces', { body: { name: 'Works' } });
    const { url } = await operator.call('POST /workspaces/{id}/invitations', {
      params: { id },
      body: { email: 'mia@example.com', role: 'member' },
    });
    const mail = await mailTo('mia@example.com', 'invitation');
    expect(mail).toMatchObject({ secret_link: url, priority: 'default' });
    const shown = await operator.call('GET /mails/{id}', { params: { id: mail.id } });
    expect(shown).toMatchObject({ workspaceId: id, userId: null, subject: 'First invites you to Works on TaskFlow' });
  });

  it('is not a way to write to all the world', async () => {
    const ann = await api.person('Ann');
    const { id } = await ann.call('POST /workspaces', { body: { name: 'Works' } });
    const invite = (n: number) =>
      ann.send('POST /workspaces/{id}/invitations', {
        params: { id },
        body: { email: `crowd-${n}@example.com`, role: 'member' },
      });
    const statuses: number[] = [];
    for (let n = 0; n < 101; n += 1) {
      statuses.push((await invite(n)).status);
    }
    expect(new Set(statuses.slice(0, 100))).toEqual(new Set([201]));
    expect(statuses[100]).toBe(429);
  });
});

describe('the link that turns mails off', () => {
  const subscribe = async (topic: string) => {
    const token = newSecret();
    await database.query(sql`
      insert into mail_subscriptions (user_id, topic, unsubscribe_token) values (${operator.id}, ${topic}, ${token})`);
    return token;
  };
  const isOff = async (token: string) =>
    (
      await one<{ off: boolean }>(
        database,
        sql`select unsubscribed_at is not null as off from mail_subscriptions where unsubscribe_token = ${token}`,
      )
    ).off;

  it('asks first when it is looked at', async () => {
    const token = await subscribe('assigned');
    const page = await api.anonymous().fetch(`/api/v1/mail/unsubscribe/${token}`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.text).toContain(`url=/unsubscribe/${token}`);
    expect(await isOff(token)).toBe(false);
    const nasty = await api.anonymous().fetch(`/api/v1/mail/unsubscribe/${encodeURIComponent('"><script>')}`);
    expect(nasty.text).not.toContain('<script');
  });

  it('takes the one click that mail programs make for people (RFC 8058)', async () => {
    const token = await subscribe('mentioned');
    const click = (value: string) =>
      api.anonymous().fetch(`/api/v1/mail/unsubscribe/${value}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'List-Unsubscribe=One-Click',
      });
    expect(await click(token)).toMatchObject({ status: 200, json: { topic: 'mentioned' } });
    expect((await click(token)).status).toBe(200);
    expect(await isOff(token)).toBe(true);
    expect((await click(newSecret())).status).toBe(404);
    expect((await click('%00')).status).toBe(404);
  });
});
