import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { cleanup, configure, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { apiAddress, startFakeApi } from '../testing/fake-api.ts';
import { createQueryClient } from './query-client.ts';
import { createAppRouter } from './router.tsx';

const problem = (status: number, code: string) =>
  HttpResponse.json({ type: 'x', title: code, status, code }, { status });
const ada = { id: 'ada', email: 'ada@example.com', name: 'Ada', isOperator: false, version: 1 };
const nothing = HttpResponse.json({ items: [], nextCursor: null });

const server = startFakeApi();

/** A stranger until a sign-in succeeds. */
function withSignIn(answer: (password: unknown) => boolean): void {
  let signedIn = false;
  server.use(
    http.get(`${apiAddress}/me`, () => (signedIn ? HttpResponse.json(ada) : problem(401, 'unauthenticated'))),
    http.get(`${apiAddress}/me/sessions`, () => nothing.clone()),
    http.get(`${apiAddress}/me/tokens`, () => nothing.clone()),
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
