// @vitest-environment node
import { HttpResponse, http } from 'msw';
import { describe, expect, it } from 'vitest';
import { apiAddress, startFakeApi } from '../../testing/fake-api.ts';
import { call } from './client.ts';
import { ApiProblem } from './problem.ts';
import { problemText } from './problem-text.ts';

const server = startFakeApi();

async function problemOf(work: Promise<unknown>): Promise<ApiProblem> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ApiProblem) return error;
  throw new Error('expected an ApiProblem', { cause: error });
}

describe('call', () => {
  it('fills in the path, the query and the headers of a conditional, repeatable write', async () => {
    let seen: Request | undefined;
    server.use(
      http.patch(`${apiAddress}/tasks/:id`, ({ request }) => {
        seen = request.clone();
        return HttpResponse.json({ id: 'x' });
      }),
    );
    await call('PATCH /tasks/{id}', {
      params: { id: 'OPS/1' },
      query: { workspace: 'north wind' },
      body: { title: 'New' },
      ifMatch: 7,
      idempotencyKey: 'key',
    });
    expect(seen?.url).toBe(`${apiAddress}/tasks/OPS%2F1?workspace=north+wind`);
    expect(seen?.headers.get('if-match')).toBe('"7"');
    expect(seen?.headers.get('idempotency-key')).toBe('key');
    expect(await seen?.json()).toEqual({ title: 'New' });
  });

  it('answers undefined when there is no content', async () => {
    server.use(http.post(`${apiAddress}/auth/logout`, () => new HttpResponse(null, { status: 204 })));
    expect(await call('POST /auth/logout')).toBeUndefined();
  });

  it('turns a problem document into an ApiProblem that names the fields and the request', async () => {
    server.use(
      http.post(`${apiAddress}/auth/register`, () =>
        HttpResponse.json(
          {
            type: '/api/docs/problems/invalid',
            title: 'Some fields are not valid',
            status: 422,
            code: 'invalid',
            traceId: 't',
            requestId: 'request-9',
            errors: [{ path: 'password', message: 'needs at least 8 characters' }],
          },
          { status: 422, headers: { 'content-type': 'application/problem+json', 'x-request-id': 'request-9' } },
        ),
      ),
    );
    const problem = await problemOf(
      call('POST /auth/register', { body: { email: 'a@b.c', password: 'x', name: 'A' } }),
    );
    expect(problem).toMatchObject({ code: 'invalid', status: 422, requestId: 'request-9' });
    expect(problem.fieldError('password')).toBe('needs at least 8 characters');
    expect(problem.fieldError('email')).toBeUndefined();
  });

  it('tells how long to wait when there were too many attempts', async () => {
    server.use(
      http.post(`${apiAddress}/auth/login`, () =>
        HttpResponse.json(
          { type: 'x', title: 'Too many requests', status: 429, code: 'too_many_requests' },
          { status: 429, headers: { 'retry-after': '30' } },
        ),
      ),
    );
    const problem = await problemOf(call('POST /auth/login', { body: { email: 'a@b.c', password: 'x' } }));
    expect(problem.retryAfterSeconds).toBe(30);
    expect(problemText(problem)).toBe('Too many attempts. Try again in 30 seconds.');
  });

  it('says "unavailable" when a proxy answers for a server that is not there', async () => {
    server.use(http.get(`${apiAddress}/me`, () => HttpResponse.html('<h1>Bad gateway</h1>', { status: 502 })));
    expect(await problemOf(call('GET /me'))).toMatchObject({ code: 'unavailable', status: 502 });
  });

  it('says "offline" when there is no answer at all', async () => {
    server.use(http.get(`${apiAddress}/me`, () => HttpResponse.error()));
    expect(await problemOf(call('GET /me'))).toMatchObject({ code: 'offline', status: 0 });
  });
});
