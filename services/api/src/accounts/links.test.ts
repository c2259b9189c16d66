import { problemSchema } from '@taskflow/contract/http';
import { createDatabase, type Database, sql } from '@taskflow/db';
import { createMailQueue, createPasswordRecovery, createUnitOfWorkRunner, newId, newSecret } from '@taskflow/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client, RawAnswer } from '../testing/client.ts';
import { statusesOf } from '../testing/team.ts';
import { type Person, startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let database: Database;

beforeAll(async () => {
  api = await startTestApi({
    env: { SMTP_URL: 'smtp://mail.test', OPERATOR_EMAILS: 'ops@example.com,boss@example.com' },
  });
  database = createDatabase({
    url: api.database.urls.owner,
    applicationName: 'test',
    pool: { max: 3, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
  });
  // the first one operates the instance whatever their address is
  await api.person('First');
});

afterAll(async () => {
  await database.close();
  await api.stop();
});

let strangers = 0;
function stranger(): Client {
  strangers += 1;
  return api.anonymous({ 'x-forwarded-for': `10.77.${strangers >> 8}.${strangers & 255}` });
}

const codeOf = (answer: RawAnswer) => problemSchema.parse(answer.json).code;
const password = 'correct horse battery';

async function register(email: string): Promise<Client> {
  const client = stranger();
  await client.call('POST /auth/register', { body: { email, password, name: 'Ann' } });
  return client;
}

/** The value of the newest link that was sent to an address. */
async function tokenFor(email: string, kind: 'email_verification' | 'password_reset'): Promise<string> {
  const [mail] = await database.query<{ secret_link: string }>(sql`
    select secret_link from mails where to_address = ${email} and kind = ${kind} order by id desc limit 1`);
  return mail?.secret_link.split('/').at(-1) ?? '';
}

/** Does what the worker would. @returns the value of the link */
async function recover(email: string): Promise<string> {
  const units = createUnitOfWorkRunner({ database, onCommitted: () => undefined });
  const mails = createMailQueue({ newId, newSecret, provider: 'mail.test' });
  const publicUrl = 'http://taskflow.test';
  const recovery = createPasswordRecovery({ mails, newId, newSecret, publicUrl, now: Date.now });
  await units.run((unit) => recovery.send(unit, email));
  return tokenFor(email, 'password_reset');
}

const verify = (token: string) => stranger().send('POST /auth/email/verify', { body: { token } });
const reset = (token: string, next = 'a better password') =>
  stranger().send('POST /auth/password/reset', { body: { token, password: next } });
const login = (email: string, given: string) =>
  stranger().send('POST /auth/login', { body: { email, password: given } });
const forgottenJobs = (email: string) =>
  database.query(sql`select 1 from jobs where type = 'password.forgot' and payload ->> 'email' = ${email}`);
const kindsTo = async (person: Pick<Person, 'email'>) =>
  (
    await database.query<{ kind: string }>(sql`select kind from mails where to_address = ${person.email} order by id`)
  ).map(({ kind }) => kind);

describe('an address', () => {
  it('is verified by the link that is sent on registering, from any browser', async () => {
    const client = await register('verify@example.com');
    expect(await client.call('GET /me')).toMatchObject({ emailVerified: false, version: 1 });
    const token = await tokenFor('verify@example.com', 'email_verification');
    expect((await verify(token)).status).toBe(204);
    expect(await client.call('GET /me')).toMatchObject({ emailVerified: true, version: 2 });
  });

  it('is harmless to verify twice, and by the link before the last', async () => {
    const client = await register('twice@example.com');
    const first = await tokenFor('twice@example.com', 'email_verification');
    expect((await client.send('POST /auth/email/resend')).status).toBe(202);
    const second = await tokenFor('twice@example.com', 'email_verification');
    expect(second).not.toBe(first);
    expect(statusesOf(await Promise.all([verify(first), verify(second), verify(second)]))).toEqual([204, 204, 204]);
    expect(await client.call('GET /me')).toMatchObject({ emailVerified: true, version: 2 });
  });

  it('is not verified by a link that has expired, is made up, or was sent to another address', async () => {
    const client = await register('late@example.com');
    const token = await tokenFor('late@example.com', 'email_verification');
    await database.query(sql`update account_links set expires_at = now() where email = 'late@example.com'`);
    expect(codeOf(await verify(token))).toBe('link_spent');
    expect((await verify(newSecret())).status).toBe(404);
    await client.call('POST /auth/email/resend');
    const fresh = await tokenFor('late@example.com', 'email_verification');
    await database.query(sql`update users set email = 'other@example.com' where email = 'late@example.com'`);
    expect(codeOf(await verify(fresh))).toBe('link_spent');
    expect((await client.call('GET /me')).emailVerified).toBe(false);
  });

  it('gets its link again a few times an hour, and not at all once it is verified', async () => {
    const client = await register('again@example.com');
    const answers: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      answers.push((await client.send('POST /auth/email/resend')).status);
    }
    expect(answers).toEqual([202, 202, 202, 202, 202, 429]);
    await verify(await tokenFor('again@example.com', 'email_verification'));
    const before = await kindsTo({ email: 'again@example.com' });
    expect((await client.send('POST /auth/email/resend')).status).toBe(202);
    expect(await kindsTo({ email: 'again@example.com' })).toEqual(before);
  });

  it('gets one link for a request that is sent again', async () => {
    const client = await register('repeat@example.com');
    const send = () => client.send('POST /auth/email/resend', { headers: { 'idempotency-key': 'once' } });
    expect([await send(), await send()].map(({ status }) => status)).toEqual([202, 202]);
    expect(await kindsTo({ email: 'repeat@example.com' })).toHaveLength(2);
  });

  it('of an operator has to be verified first, where there is mail', async () => {
    const client = await register('ops@example.com');
    expect((await client.call('GET /me')).isOperator).toBe(false);
    expect(await login('ops@example.com', password)).toMatchObject({ json: { user: { isOperator: false } } });
    await verify(await tokenFor('ops@example.com', 'email_verification'));
    expect((await client.call('GET /me')).isOperator).toBe(true);
  });
});

describe('a forgotten password', () => {
  it('is answered alike whether or not there is an account', async () => {
    await register('known@example.com');
    const forgot = (email: string) => stranger().send('POST /auth/password/forgot', { body: { email } });
    const answers = [await forgot('known@example.com'), await forgot('unknown@example.com')];
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [202, ''],
      [202, ''],
    ]);
    expect(await forgottenJobs('known@example.com')).toHaveLength(1);
    expect(await forgottenJobs('unknown@example.com')).toHaveLength(1);
  });

  it('is silently not asked for more than a few times an hour for one address, wherever from', async () => {
    for (let n = 0; n < 5; n += 1) {
      const { status } = await stranger().send('POST /auth/password/forgot', { body: { email: 'often@example.com' } });
      expect(status).toBe(202);
    }
    expect(await forgottenJobs('often@example.com')).toHaveLength(3);
  });

  it('is not asked for many addresses from one place', async () => {
    const client = stranger();
    const ask = (n: number) => client.send('POST /auth/password/forgot', { body: { email: `many-${n}@example.com` } });
    const answers = await Promise.all(Array.from({ length: 21 }, (_, n) => ask(n)));
    expect(statusesOf(answers).at(-1)).toBe(429);
    expect(statusesOf(answers).at(-2)).toBe(202);
  });

  it('is replaced once by the link, which ends every session and leaves tokens alone', async () => {
    const client = await register('reset@example.com');
    await verify(await tokenFor('reset@example.com', 'email_verification'));
    const { value } = await client.call('POST /me/tokens', { body: { name: 'ci', scopes: ['read'] } });
    const token = await recover('reset@example.com');
    const answers = await Promise.all([reset(token), reset(token), reset(token)]);
    expect(statusesOf(answers)).toEqual([204, 410, 410]);
    expect((await client.send('GET /me')).status).toBe(401);
    expect((await login('reset@example.com', password)).status).toBe(401);
    expect((await login('reset@example.com', 'a better password')).status).toBe(200);
    expect((await api.anonymous({ authorization: `Bearer ${value}` }).send('GET /me')).status).toBe(200);
    expect(await kindsTo({ email: 'reset@example.com' })).toContain('password_changed');
  });

  it('gives an account to whoever reads its mail, and nothing of it to whoever made it with a foreign address', async () => {
    const squatter = await register('boss@example.com');
    const { value } = await squatter.call('POST /me/tokens', { body: { name: 'mine', scopes: ['read', 'admin'] } });
    const withToken = api.anonymous({ authorization: `Bearer ${value}` });
    expect((await withToken.send('GET /me')).status).toBe(200);
    expect((await reset(await recover('boss@example.com'))).status).toBe(204);
    expect((await withToken.send('GET /me')).status).toBe(401);
    expect((await squatter.send('GET /me')).status).toBe(401);
    const { json } = await login('boss@example.com', 'a better password');
    expect(json).toMatchObject({ user: { emailVerified: true, isOperator: true } });
  });

  it('is not replaced by a link that has expired, is made up, or is older than the present password', async () => {
    const client = await register('keep@example.com');
    const token = await recover('keep@example.com');
    await database.query(sql`update account_links set expires_at = now() where email = 'keep@example.com'`);
    expect(codeOf(await reset(token))).toBe('link_spent');
    expect((await reset(newSecret())).status).toBe(404);
    const [verification] = [await tokenFor('keep@example.com', 'email_verification')];
    expect((await reset(verification)).status).toBe(404);
    const other = await recover('keep@example.com');
    await client.call('POST /me/password', { body: { currentPassword: password, newPassword: 'changed by hand' } });
    expect(codeOf(await reset(other))).toBe('link_spent');
    expect((await login('keep@example.com', 'changed by hand')).status).toBe(200);
  });

  it('leaves a link good when the new one is too short', async () => {
    await register('short@example.com');
    const token = await recover('short@example.com');
    expect((await reset(token, 'short')).status).toBe(422);
    expect((await reset(token)).status).toBe(204);
  });
});
