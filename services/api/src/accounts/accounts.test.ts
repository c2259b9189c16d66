import { problemSchema } from '@taskflow/contract/http';
import { createDatabase, type Database, sql } from '@taskflow/db';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Client, RawAnswer } from '../testing/client.ts';
import { statusesOf } from '../testing/team.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let database: Database;

beforeAll(async () => {
  api = await startTestApi({ env: { OPERATOR_EMAILS: 'Ops@Example.com' } });
  database = connect(api);
});

afterAll(async () => {
  await database.close();
  await api.stop();
});

function connect({ database: { urls } }: TestApi): Database {
  return createDatabase({
    url: urls.owner,
    applicationName: 'test',
    pool: { max: 2, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
  });
}

const problemOf = (answer: RawAnswer) => problemSchema.parse(answer.json);
const password = 'correct horse battery';
let addresses = 0;

/** Somebody from an address that nobody had before. */
function stranger(at: TestApi = api): Client {
  addresses += 1;
  return at.anonymous({ 'x-forwarded-for': `192.0.2.${addresses}` });
}

const register = (client: Client, email: string, more: { invitation?: string } = {}) =>
  client.send('POST /auth/register', { body: { email, password, name: 'Ann', ...more } });
const login = (client: Client, email: string, secret = password) =>
  client.send('POST /auth/login', { body: { email, password: secret } });

describe('registering', () => {
  it('makes an account and signs in with a cookie that scripts cannot read', async () => {
    const client = stranger();
    const answer = await register(client, ' Ann@Example.COM ');
    expect(answer.status).toBe(201);
    expect(answer.headers.get('set-cookie')).toMatch(/^taskflow=[\w-]{43}; .*HttpOnly; SameSite=Lax$/);
    expect(await client.call('GET /me')).toMatchObject({ email: 'ann@example.com', name: 'Ann', version: 1 });
  });

  it('answers 409 for an address that has an account, however it is written', async () => {
    await register(stranger(), 'taken@example.com');
    const answer = await register(stranger(), 'TAKEN@example.com');
    expect(answer.status).toBe(409);
    expect(problemOf(answer).code).toBe('email_taken');
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('makes one account of two that register the same address at once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => register(stranger(), 'race@example.com')));
    expect(statusesOf(answers)).toEqual([201, 409, 409]);
  });

  it.each([
    [{ email: 'no address', password, name: 'Ann' }, 'email'],
    [{ email: 'a@example.com', password: 'short', name: 'Ann' }, 'password'],
    [{ email: 'a@example.com', password: 'x'.repeat(201), name: 'Ann' }, 'password'],
    [{ email: 'a@example.com', password: '\ud800\ud800\ud800\ud800\ud800\ud800\ud800\ud800', name: 'Ann' }, 'password'],
    [{ email: 'a@example.com', password, name: ' ' }, 'name'],
    [{ email: 'a@example.com', password, name: 'A\u0000nn' }, 'name'],
  ])('names the field that is not valid: %j', async (body, path) => {
    const answer = await stranger().send('POST /auth/register', { body });
    expect(answer.status).toBe(422);
    expect(problemOf(answer).errors?.map((error) => error.path)).toEqual([path]);
  });

  it('is limited by address', async () => {
    const client = stranger();
    const statuses: number[] = [];
    while (!statuses.includes(429) && statuses.length < 60) {
      statuses.push(
        (await client.send('POST /auth/register', { body: { email: 'x', password: 'x', name: 'x' } })).status,
      );
    }
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('who may register', () => {
  it('is nobody where registration is closed', async () => {
    const closed = await startTestApi({ env: { REGISTRATION: 'closed' }, database: api.database });
    const answer = await register(stranger(closed), 'closed@example.com');
    expect(answer.status).toBe(403);
    expect(problemOf(answer).code).toBe('registration_closed');
    await closed.stop();
  });

  it('is whoever was invited, once for each invitation, and the very first person', async () => {
    const invite = await startTestApi({ env: { REGISTRATION: 'invite' } });
    const firstComers = await Promise.all([1, 2, 3].map((n) => register(stranger(invite), `first${n}@example.com`)));
    expect(statusesOf(firstComers)).toEqual([201, 403, 403]);
    const first = stranger(invite);
    await Promise.any(
      [1, 2, 3].map((n) => first.call('POST /auth/login', { body: { email: `first${n}@example.com`, password } })),
    );
    const workspace = await first.call('POST /workspaces', { body: { name: 'Invited only' } });
    const { url } = await first.call('POST /workspaces/{id}/invitations', {
      params: { id: workspace.id },
      body: { email: 'guest@example.com', role: 'member' },
    });
    const invitation = url.split('/').at(-1) ?? '';

    expect(problemOf(await register(stranger(invite), 'uninvited@example.com')).code).toBe('registration_closed');
    const forged = await register(stranger(invite), 'forger@example.com', { invitation: `${invitation}x` });
    expect(problemOf(forged).code).toBe('invitation_spent');

    const guests = [1, 2, 3].map((n) => ({ client: stranger(invite), email: `guest${n}@example.com` }));
    const answers = await Promise.all(guests.map(({ client, email }) => register(client, email, { invitation })));
    expect(statusesOf(answers)).toEqual([201, 410, 410]);
    const guest = guests[answers.findIndex(({ status }) => status === 201)];
    expect((await guest?.client.call('GET /workspaces'))?.items).toMatchObject([{ id: workspace.id, role: 'member' }]);
    // what the web app does next is harmless
    await guest?.client.call('POST /invitations/{token}/accept', { params: { token: invitation } });
    await invite.stop();
  });
});

describe('operators', () => {
  it('are exactly one of those who register first at the same time', async () => {
    const fresh = await startTestApi();
    const clients = Array.from({ length: 6 }, () => stranger(fresh));
    await Promise.all(clients.map((client, n) => register(client, `p${n}@example.com`)));
    const people = await Promise.all(clients.map((client) => client.call('GET /me')));
    expect(people.filter(({ isOperator }) => isOperator)).toHaveLength(1);
    await fresh.stop();
  });

  it('are those whom the configuration names, also when they had an account before', async () => {
    const named = stranger();
    await register(named, 'ops@example.com');
    expect((await named.call('GET /me')).isOperator).toBe(true);
    const other = stranger();
    await register(other, 'later@example.com');
    expect((await other.call('GET /me')).isOperator).toBe(false);
    const restarted = await startTestApi({ env: { OPERATOR_EMAILS: 'later@example.com' }, database: api.database });
    const again = await stranger(restarted).call('POST /auth/login', {
      body: { email: 'later@example.com', password },
    });
    expect(again.user).toMatchObject({ isOperator: true, version: 2 });
    await restarted.stop();
  });
});

describe('signing in', () => {
  it('answers wrong passwords and unknown addresses alike', async () => {
    await register(stranger(), 'alike@example.com');
    const wrong = await login(stranger(), 'alike@example.com', 'not the password');
    const unknown = await login(stranger(), 'nobody@example.com', 'not the password');
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const { traceId: _, requestId: __, ...problem } = problemOf(wrong);
    expect(problemOf(unknown)).toMatchObject(problem);
    expect(problem.code).toBe('wrong_credentials');
  });

  it('gives a new session each time, and ends the one that the browser had', async () => {
    const client = stranger();
    await register(client, 'rotate@example.com');
    const before = client.cookie;
    await login(client, 'rotate@example.com');
    expect(client.cookie).not.toBe(before);
    const planted = stranger();
    planted.cookie = before;
    expect((await planted.send('GET /me')).status).toBe(401);
    expect((await client.call('GET /me/sessions')).items).toHaveLength(1);
  });

  it('is refused after some wrong passwords, by every process, until the right one came in time', async () => {
    await register(stranger(), 'guessed@example.com');
    const another = await api.another();
    const guesser = stranger();
    const elsewhere = another.anonymous({ 'x-forwarded-for': `192.0.2.${addresses}` });
    const statuses: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      statuses.push((await login(n % 2 === 0 ? guesser : elsewhere, 'guessed@example.com', `guess ${n}`)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429, 429, 429]);
    const refused = await login(guesser, 'guessed@example.com');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await login(stranger(), 'guessed@example.com')).status).toBe(200);
    await another.stop();
  });

  it('is refused after some wrong passwords also when all are tried at once', async () => {
    await register(stranger(), 'storm@example.com');
    const guesser = stranger();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => login(guesser, 'storm@example.com', `no ${n}`)),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  it('forgets wrong passwords when the right one comes', async () => {
    await register(stranger(), 'typist@example.com');
    const typist = stranger();
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 4; n += 1) {
        await login(typist, 'typist@example.com', 'a typing mistake');
      }
      expect((await login(typist, 'typist@example.com')).status).toBe(200);
    }
  });

  it('lets twenty people in at the same time', async () => {
    await register(stranger(), 'crowd@example.com');
    const answers = await Promise.all(Array.from({ length: 20 }, () => login(stranger(), 'crowd@example.com')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  it('hashes again what was hashed at another cost', async () => {
    await register(stranger(), 'old@example.com');
    const encoded = '$argon2id$v=19$m=8192,t=1,p=1$pt/9w0QrmyTbXsP72sbT0Q$yqIOZwflWjR3mlbK+oX7G39rAN6rN0zsfnao+vADyMo';
    await database.query(sql`update users set password_hash = ${encoded} where email = 'old@example.com'`);
    expect((await login(stranger(), 'old@example.com')).status).toBe(200);
    const [row] = await database.query<{ password_hash: string }>(
      sql`select password_hash from users where email = 'old@example.com'`,
    );
    expect(row?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await login(stranger(), 'old@example.com')).status).toBe(200);
  });

  it('ends with signing out, which is never refused', async () => {
    const client = stranger();
    await register(client, 'out@example.com');
    const { cookie } = client;
    const answer = await client.send('POST /auth/logout');
    expect(answer.status).toBe(204);
    expect(answer.headers.get('set-cookie')).toMatch(/^taskflow=; Max-Age=0; /);
    client.cookie = cookie;
    expect((await client.send('GET /me')).status).toBe(401);
    expect((await client.send('POST /auth/logout')).status).toBe(204);
    expect((await stranger().send('POST /auth/logout')).status).toBe(204);
  });
});

describe('sessions', () => {
  it('are listed to the person, and can be ended one by one or all others at once', async () => {
    const browsers = [stranger(), stranger(), stranger()] as const;
    await register(browsers[0], 'sessions@example.com');
    await login(browsers[1], 'sessions@example.com');
    await login(browsers[2], 'sessions@example.com');
    const { items } = await browsers[0].call('GET /me/sessions');
    expect(items.map(({ current }) => current).filter(Boolean)).toEqual([true]);
    expect(new Set(items.map(({ ip }) => ip)).size).toBe(3);
    const own = (await browsers[1].call('GET /me/sessions')).items.find(({ current }) => current);
    await browsers[0].call('DELETE /me/sessions/{id}', { params: { id: own?.id ?? '' } });
    expect((await browsers[1].send('GET /me')).status).toBe(401);
    expect((await browsers[0].send('DELETE /me/sessions/{id}', { params: { id: own?.id ?? '' } })).status).toBe(404);
    await browsers[0].call('DELETE /me/sessions');
    expect((await browsers[2].send('GET /me')).status).toBe(401);
    expect((await browsers[0].call('GET /me/sessions')).items).toHaveLength(1);
  });

  it('of others are out of reach', async () => {
    const [ann, bob] = [stranger(), stranger()];
    await register(ann, 'reach-a@example.com');
    await register(bob, 'reach-b@example.com');
    const [session] = (await ann.call('GET /me/sessions')).items;
    for (const id of [session?.id ?? '', 'x', '%00']) {
      expect((await bob.send('DELETE /me/sessions/{id}', { params: { id } })).status).toBe(404);
    }
    expect((await ann.send('GET /me')).status).toBe(200);
  });

  it('live on by being used, which is written down once a minute', async () => {
    const client = stranger();
    await register(client, 'alive@example.com');
    const state = async () => {
      const [row] = await database.query<{ idle: number; left: number }>(sql`
        select extract(epoch from now() - s.last_used_at)::float8 as idle,
          extract(epoch from s.expires_at - now())::float8 / 86400 as left
        from sessions s join users u on u.id = s.user_id where u.email = 'alive@example.com'`);
      return { idle: row?.idle ?? 0, left: row?.left ?? 0 };
    };
    const age = (seconds: number) =>
      database.query(sql`
        update sessions s set last_used_at = now() - make_interval(secs => ${seconds}), expires_at = now() + interval '1 day'
        from users u where u.id = s.user_id and u.email = 'alive@example.com'`);
    await age(50);
    await client.call('GET /me');
    expect((await state()).left).toBeLessThan(2);
    await age(70);
    await client.call('GET /me');
    await vi.waitFor(async () => expect((await state()).left).toBeGreaterThan(29));
    expect((await state()).idle).toBeLessThan(20);
  });

  it('end when they were not used for long', async () => {
    const client = stranger();
    await register(client, 'expired@example.com');
    await database.query(sql`
      update sessions s set expires_at = now() from users u where u.id = s.user_id and u.email = 'expired@example.com'`);
    expect((await client.send('GET /me')).status).toBe(401);
  });
});

describe('changing the password', () => {
  it('ends every other session, and only the new password works', async () => {
    const [here, there] = [stranger(), stranger()];
    await register(here, 'change@example.com');
    await login(there, 'change@example.com');
    const body = { currentPassword: password, newPassword: 'a better password' };
    expect((await here.send('POST /me/password', { body })).status).toBe(204);
    expect((await here.send('GET /me')).status).toBe(200);
    expect((await there.send('GET /me')).status).toBe(401);
    expect((await login(stranger(), 'change@example.com')).status).toBe(401);
    expect((await login(stranger(), 'change@example.com', 'a better password')).status).toBe(200);
  });

  it('needs the current one, which cannot be guessed for ever', async () => {
    const client = stranger();
    await register(client, 'keep@example.com');
    const guess = (currentPassword: string) =>
      client.send('POST /me/password', { body: { currentPassword, newPassword: 'a better password' } });
    const wrong = await guess('wrong');
    expect(wrong.status).toBe(422);
    expect(problemOf(wrong).errors).toEqual([{ path: 'currentPassword', message: 'is wrong' }]);
    for (let n = 0; n < 4; n += 1) {
      await guess('wrong');
    }
    expect((await guess(password)).status).toBe(429);
  });

  it('leaves nothing behind for an Idempotency-Key', async () => {
    const client = stranger();
    await register(client, 'trace@example.com');
    const body = { currentPassword: password, newPassword: 'a better password' };
    await client.send('POST /me/password', { body, headers: { 'idempotency-key': 'once' } });
    expect(
      await database.query(sql`
      select 1 from idempotency_keys k join users u on u.id = k.user_id where u.email = 'trace@example.com'`),
    ).toEqual([]);
  });
});

describe('the own profile', () => {
  it('can be renamed, which shows in every workspace', async () => {
    const client = stranger();
    await register(client, 'rename@example.com');
    const { id } = await client.call('POST /workspaces', { body: { name: 'Renaming' } });
    const before = await client.send('GET /me');
    const renamed = await client.send('PATCH /me', {
      body: { name: 'Anna' },
      headers: { 'if-match': before.headers.get('etag') ?? '' },
    });
    expect(renamed).toMatchObject({ status: 200, json: { name: 'Anna', version: 2 } });
    const { items } = await client.call('GET /workspaces/{id}/members', { params: { id } });
    expect(items).toMatchObject([{ name: 'Anna', version: 2 }]);
    const stale = await client.send('PATCH /me', { body: { name: 'Annie' }, headers: { 'if-match': '"1"' } });
    expect(stale.status).toBe(412);
    expect(await client.call('PATCH /me', { body: { name: 'Anna' } })).toMatchObject({ version: 2 });
  });
});

describe('API tokens', () => {
  const withToken = (value: string) => api.anonymous({ authorization: `Bearer ${value}` });

  it('are shown once, listed without their value, and revoked', async () => {
    const client = stranger();
    await register(client, 'tokens@example.com');
    const made = await client.call('POST /me/tokens', { body: { name: 'CI', scopes: ['write', 'read', 'read'] } });
    expect(made).toMatchObject({ name: 'CI', scopes: ['read', 'write'], lastUsedAt: null, expiresAt: null });
    expect(made.value).toMatch(/^tf_[\w-]{43}$/);
    expect((await withToken(made.value).call('GET /me')).email).toBe('tokens@example.com');
    await vi.waitFor(async () => {
      const [listed] = (await client.call('GET /me/tokens')).items;
      expect(listed?.lastUsedAt).not.toBeNull();
    });
    const raw = await client.send('GET /me/tokens');
    expect(raw.text).not.toContain(made.value);
    await client.call('DELETE /me/tokens/{id}', { params: { id: made.id } });
    expect((await withToken(made.value).send('GET /me')).status).toBe(401);
    expect((await client.call('GET /me/tokens')).items).toEqual([]);
    expect((await client.send('DELETE /me/tokens/{id}', { params: { id: made.id } })).status).toBe(404);
  });

  it('end when they expire, and cannot be made for the past', async () => {
    const client = stranger();
    await register(client, 'expiring@example.com');
    const soon = new Date(Date.now() + 60_000).toISOString();
    const { id, value } = await client.call('POST /me/tokens', {
      body: { name: 'x', scopes: ['read'], expiresAt: soon },
    });
    expect((await withToken(value).send('GET /me')).status).toBe(200);
    await database.query(sql`update api_tokens set expires_at = now() where id = ${id}`);
    expect((await withToken(value).send('GET /me')).status).toBe(401);
    const past = await client.send('POST /me/tokens', {
      body: { name: 'x', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' },
    });
    expect(problemOf(past).errors?.[0]?.path).toBe('expiresAt');
  });

  it('make none that may more, or for longer, than themselves', async () => {
    const client = stranger();
    await register(client, 'wider@example.com');
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const make = async (by: Client, body: { scopes: ('read' | 'write' | 'admin')[]; expiresAt?: string }) =>
      by.send('POST /me/tokens', { body: { name: 'x', ...body } });
    const writer = await client.call('POST /me/tokens', { body: { name: 'w', scopes: ['write'] } });
    expect(problemOf(await make(withToken(writer.value), { scopes: ['read'] })).code).toBe('insufficient_scope');
    const admin = await client.call('POST /me/tokens', { body: { name: 'a', scopes: ['admin'], expiresAt: soon } });
    expect((await make(withToken(admin.value), { scopes: ['admin', 'read'], expiresAt: soon })).status).toBe(201);
    expect(problemOf(await make(withToken(admin.value), { scopes: ['read'] })).errors?.[0]?.path).toBe('expiresAt');
  });
});
