import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApi, type TestApi } from '../testing/test-api.ts';

let one: TestApi;
let other: TestApi;
let olga: Person;
let workspaceId: string;

beforeAll(async () => {
  one = await startTestApi();
  other = await one.another();
  olga = await one.person('Olga');
  workspaceId = (await olga.call('POST /workspaces', { body: { name: 'Works' } })).id;
});

afterAll(async () => {
  await other.stop();
  await one.stop();
});

/** Everything that a stream says until it ends. */
async function wholeStream(cookie: string, whenOpen: () => Promise<void>): Promise<string> {
  const response = await fetch(`${other.baseUrl}/api/v1/workspaces/${workspaceId}/events`, {
    headers: { cookie },
    signal: AbortSignal.timeout(10_000),
  });
  let text = '';
  let isTold = false;
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (!isTold && text.includes('event: ready')) {
      isTold = true;
      await whenOpen();
    }
  }
  return text;
}

describe('a live stream', () => {
  it.each([
    ['signing out', (): Promise<unknown> => olga.call('POST /auth/logout')],
    ['signing out everywhere else', (): Promise<unknown> => olga.call('DELETE /me/sessions')],
    [
      'changing the password',
      (): Promise<unknown> =>
        olga.call('POST /me/password', {
          body: { currentPassword: olga.password, newPassword: 'another horse battery' },
        }),
    ],
  ])('ends in another process at once after %s', async (what, end) => {
    const { cookie } = olga;
    if (what !== 'signing out') {
      const elsewhere = one.anonymous();
      await elsewhere.call('POST /auth/login', { body: { email: olga.email, password: olga.password } });
      olga.cookie = elsewhere.cookie;
    }
    const startedAt = performance.now();
    const text = await wholeStream(cookie, async () => {
      await end();
    });
    expect(text).toContain('event: end\ndata: {"reason":"session_ended"}');
    // well before the regular look at every session, which comes after 15 s
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    if (what === 'signing out') {
      await olga.call('POST /auth/login', { body: { email: olga.email, password: olga.password } });
    }
  });
});
