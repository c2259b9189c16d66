import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { cleanup, configure, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { apiAddress, startFakeApi } from '../testing/fake-api.ts';
import { aPreferences } from '../testing/samples.ts';
import { createQueryClient } from './query-client.ts';
import { createAppRouter } from './router.tsx';

const problem = (status: number, code: string) =>
  HttpResponse.json({ type: 'x', title: code, status, code }, { status });
const ada = { id: 'ada', email: 'ada@example.com', name: 'Ada', isOperator: false, emailVerified: true, version: 1 };
const nothing = HttpResponse.json({ items: [], nextCursor: null });

const server = startFakeApi();

/** A stranger until a sign-in succeeds. */
function withSignIn(answer: (password: unknown) => boolean): void {
  let signedIn = false;
  server.use(
    http.get(`${apiAddress}/me`, () => (signedIn ? HttpResponse.json(ada) : problem(401, 'unauthenticated'))),
    http.get(`${apiAddress}/me/sessions`, () => nothing.clone()),
    http.get(`${apiAddress}/me/tokens`, () => nothing.clone()),
    http.get(`${apiAddress}/me/jobs`, () => nothing.clone()),
    http.get(`${apiAddress}/me/preferences`, () => HttpResponse.json(aPreferences())),
    http.post(`${apiAddress}/auth/login`, async ({ request }) => {
      const body: unknown = await request.json();
      signedIn = typeof body === 'object' && body !== null && 'password' in body && answer(body.password);
      return signedIn ? HttpResponse.json({ user: ada }) : problem(401, 'wrong_credentials');
    }),
  );
}

function openAt(address: string): void {
  history.replaceState(null, '', address);
  const queryClient = createQueryClient(() => undefined);
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={createAppRouter(queryClient)} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

// Pages load when they are opened, which takes a busy machine a while.
configure({ asyncUtilTimeout: 10_000 });
// jsdom has neither of these, and nothing here depends on what they would say.
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
vi.stubGlobal('scrollTo', () => undefined);
afterEach(cleanup);

async function signInWith(password: string): Promise<void> {
  await userEvent.type(await screen.findByLabelText('Email'), 'ada@example.com');
  await userEvent.type(screen.getByLabelText('Password'), password);
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
}

describe('entering the app', () => {
  it('leads a stranger to sign in, and from there to where they wanted to go', async () => {
    withSignIn(() => true);
    openAt('/me');
    await screen.findByRole('heading', { name: 'Sign in to TaskFlow' });
    expect(location.search).toBe('?next=%2Fme');
    await signInWith('correct horse');
    await screen.findByRole('heading', { name: 'Profile and security' });
    expect(location.pathname).toBe('/me');
  });

  it('says that email or password is wrong, and keeps what was typed', async () => {
    withSignIn(() => false);
    openAt('/sign-in');
    await signInWith('wrong');
    expect((await screen.findByRole('alert')).textContent).toBe('Email or password is wrong.');
    expect(screen.getByLabelText<HTMLInputElement>('Email').value).toBe('ada@example.com');
  });

  it('never leads to another site after signing in', async () => {
    withSignIn(() => true);
    server.use(http.get(`${apiAddress}/workspaces`, () => nothing.clone()));
    openAt('/sign-in?next=//evil.example');
    await signInWith('correct horse');
    await screen.findByRole('heading', { name: 'Create your first workspace' });
    expect(location.pathname).toBe('/');
  });
});

describe('links in mails', () => {
  const opened = { sendsMail: true, registration: 'open', name: 'TaskFlow', version: '1' };

  it('are asked for without telling whether there is an account', async () => {
    let asked: unknown;
    server.use(
      http.get(`${apiAddress}/instance`, () => HttpResponse.json(opened)),
      http.post(`${apiAddress}/auth/password/forgot`, async ({ request }) => {
        asked = await request.json();
        return new HttpResponse(null, { status: 202 });
      }),
    );
    openAt('/forgot');
    await userEvent.type(await screen.findByLabelText('Email'), 'ada');
    await userEvent.click(screen.getByRole('button', { name: 'Send the link' }));
    expect(await screen.findByText('Enter an email address')).toBeDefined();
    await userEvent.type(screen.getByLabelText('Email'), '@example.com');
    await userEvent.click(screen.getByRole('button', { name: 'Send the link' }));
    await screen.findByRole('heading', { name: 'Look into your mail' });
    expect(asked).toEqual({ email: 'ada@example.com' });
  });

  it('are not promised where no mail is sent', async () => {
    server.use(http.get(`${apiAddress}/instance`, () => HttpResponse.json({ ...opened, sendsMail: false })));
    openAt('/forgot');
    await screen.findByText(/sends no mail/);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('set a new password, which is long enough', async () => {
    const sent: unknown[] = [];
    server.use(
      http.post(`${apiAddress}/auth/password/reset`, async ({ request }) => {
        sent.push(await request.json());
        return new HttpResponse(null, { status: 204 });
      }),
    );
    openAt('/reset/abc');
    const field = await screen.findByLabelText('New password');
    await userEvent.type(field, 'short');
    await userEvent.click(screen.getByRole('button', { name: 'Set the password' }));
    expect(await screen.findByText('Use at least 8 characters')).toBeDefined();
    await userEvent.type(field, ' no more');
    await userEvent.click(screen.getByRole('button', { name: 'Set the password' }));
    await screen.findByRole('heading', { name: 'Your new password is set' });
    expect(sent).toEqual([{ token: 'abc', password: 'short no more' }]);
  });

  it('that were used before lead to a new one', async () => {
    server.use(http.post(`${apiAddress}/auth/password/reset`, () => problem(410, 'link_spent')));
    openAt('/reset/abc');
    await userEvent.type(await screen.findByLabelText('New password'), 'long enough');
    await userEvent.click(screen.getByRole('button', { name: 'Set the password' }));
    await screen.findByRole('heading', { name: 'This link does not work any more' });
    expect(screen.getByRole('link', { name: 'Ask for a new link' }).getAttribute('href')).toBe('/forgot');
  });

  it('verify the address when they are opened, once', async () => {
    let count = 0;
    server.use(
      http.post(`${apiAddress}/auth/email/verify`, () => {
        count += 1;
        return new HttpResponse(null, { status: 204 });
      }),
    );
    openAt('/verify/abc');
    await screen.findByRole('heading', { name: 'Your email is verified' });
    expect(count).toBe(1);
  });

  it('turn mails off only after a click', async () => {
    let isOff = false;
    server.use(
      http.post(`${apiAddress}/mail/unsubscribe/abc`, () => {
        isOff = true;
        return HttpResponse.json({ topic: 'digest' });
      }),
    );
    openAt('/unsubscribe/abc');
    const button = await screen.findByRole('button', { name: 'Turn these mails off' });
    expect(isOff).toBe(false);
    await userEvent.click(button);
    await screen.findByText('You get no more mails of this kind.');
    expect(isOff).toBe(true);
  });
});

describe('an address that is not verified', () => {
  it('is pointed out, and its link can be sent again', async () => {
    withSignIn(() => true);
    server.use(
      http.get(`${apiAddress}/me`, () => HttpResponse.json({ ...ada, emailVerified: false })),
      http.get(`${apiAddress}/instance`, () => HttpResponse.json({ sendsMail: true })),
      http.post(`${apiAddress}/auth/email/resend`, () => new HttpResponse(null, { status: 202 })),
    );
    openAt('/me');
    const notice = await screen.findByText('Please verify your email: we sent a link to ada@example.com.');
    await userEvent.click(screen.getByRole('button', { name: 'Send it again' }));
    await screen.findByText('A new link is on its way to ada@example.com.');
    expect(notice.textContent).toContain('A new link');
  });
});
