import type { Domain, SignedIn } from '@taskflow/domain';
import { clearedSessionCookie, sessionCookie } from '../http/credential.ts';
import { act, type Endpoint, read, write } from '../http/endpoint.ts';
import { accepted, noContent, ok, page, type Reply } from '../http/reply.ts';

type Accounts = Pick<Domain, 'accounts' | 'sessions' | 'tokens'>;

/** Registering, signing in and out, and what a person keeps for themselves. */
export const accountEndpoints = (domain: Accounts, cookieName: string): Endpoint[] => [
  ...authEndpoints(domain, cookieName),
  ...addressEndpoints(domain),
  ...profileEndpoints(domain),
  ...sessionEndpoints(domain),
  ...tokenEndpoints(domain),
];

const authEndpoints = ({ accounts, sessions }: Accounts, cookieName: string): Endpoint[] => {
  const signedIn = (status: 200 | 201, { user, sessionSecret }: SignedIn): Reply => ({
    status,
    body: `{"user":${user.json}}`,
    cookie: sessionCookie(cookieName, sessionSecret),
  });
  return [
    act(
      'POST /auth/register',
      'public',
      async ({ body, ...origin }) => signedIn(201, await accounts.register(body, origin)),
      { limit: 'register' },
    ),
    act(
      'POST /auth/login',
      'public',
      async ({ body, ...origin }) => signedIn(200, await accounts.login(body, origin)),
      {
        limit: 'login',
      },
    ),
    act('POST /auth/logout', 'public', async ({ credential }) => {
      await sessions.end(credential);
      return { ...noContent(), cookie: clearedSessionCookie(cookieName) };
    }),
  ];
};

const addressEndpoints = ({ accounts }: Accounts): Endpoint[] => [
  write('POST /auth/email/verify', 'public', async ({ unit, body }) => {
    await accounts.verifyEmail(unit, body.token);
    return noContent();
  }),
  write('POST /auth/email/resend', 'caller', async ({ unit, access }) => {
    await accounts.resendVerification(unit, access);
    return accepted();
  }),
  act(
    'POST /auth/password/forgot',
    'public',
    async ({ body }) => {
      await accounts.forgotPassword(body);
      return accepted();
    },
    { limit: 'forgot' },
  ),
  act('POST /auth/password/reset', 'public', async ({ body }) => {
    await accounts.resetPassword(body);
    return noContent();
  }),
];

const profileEndpoints = ({ accounts }: Accounts): Endpoint[] => [
  read('GET /me', 'caller', async ({ access }) => ok(await accounts.me(access))),
  write('PATCH /me', 'caller', async ({ unit, access, body, ifMatch }) =>
    ok(await accounts.updateMe(unit, access, body, ifMatch)),
  ),
  act('POST /me/password', 'caller', async ({ access, body }) => {
    await accounts.changePassword(access, body);
    return noContent();
  }),
];

const sessionEndpoints = ({ sessions }: Accounts): Endpoint[] => [
  read('GET /me/sessions', 'caller', async ({ access }) => page(await sessions.list(access))),
  write('DELETE /me/sessions', 'caller', async ({ unit, access }) => {
    await sessions.revokeOthers(unit, access);
    return noContent();
  }),
  write('DELETE /me/sessions/{id}', 'caller', async ({ unit, access, params }) => {
    await sessions.revoke(unit, access, params.id);
    return noContent();
  }),
];

const tokenEndpoints = ({ tokens }: Accounts): Endpoint[] => [
  read('GET /me/tokens', 'caller', async ({ access }) => page(await tokens.list(access))),
  write('POST /me/tokens', 'caller', async ({ unit, access, body }) => {
    const { id, json } = await tokens.create(unit, access, body);
    return { status: 201, body: json, location: `/me/tokens/${id}` };
  }),
  write('DELETE /me/tokens/{id}', 'caller', async ({ unit, access, params }) => {
    await tokens.revoke(unit, access, params.id);
    return noContent();
  }),
];
