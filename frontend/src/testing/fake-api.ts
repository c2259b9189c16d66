import type { AnyHandler } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';

/** Where the handlers of tests answer. */
export const apiAddress = 'http://localhost:3000/api/v1';

/** An API that answers what a test's handlers say; a request that no handler knows fails the test. */
export function startFakeApi(...handlers: AnyHandler[]) {
  const server = setupServer(...handlers);
  beforeAll(() => {
    server.listen({ onUnhandledFrame: 'error' });
    // Node's fetch knows no page that `/api/v1` could be relative to.
    const send = globalThis.fetch;
    vi.stubGlobal('fetch', (address: string, init?: RequestInit) => send(new URL(address, apiAddress), init));
  });
  afterEach(() => server.resetHandlers());
  afterAll(() => {
    vi.unstubAllGlobals();
    server.close();
  });
  return server;
}
