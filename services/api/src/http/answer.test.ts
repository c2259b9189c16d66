import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '@taskflow/domain';
import { describe, expect, it } from 'vitest';
import { answerOf, answerOfProblem, send, setCommonHeaders } from './answer.ts';
import { problemOf } from './problem.ts';

/** Asks a server that answers like this, once. */
async function ask(listener: RequestListener): Promise<Response> {
  const server = createServer(listener);
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await listening;
  const address: AddressInfo | string | null = server.address();
  try {
    return await fetch(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
  } finally {
    server.close();
  }
}

const document = { status: 200, body: '{"a":"ä"}', etag: '3' } as const;

describe('answerOf', () => {
  it('lets nothing be kept that has no version, and asks again for what has one', () => {
    expect(answerOf({ status: 204 }, 'DELETE', undefined).headers).toEqual(['Cache-Control', 'no-store']);
    expect(answerOf(document, 'GET', undefined).headers).toEqual([
      'Cache-Control',
      'private, no-cache',
      'ETag',
      '"3"',
      'Content-Type',
      'application/json; charset=utf-8',
    ]);
  });

  it('spares the body to a reader who has this version, never to a writer', () => {
    expect(answerOf(document, 'GET', '"3"')).toEqual({
      status: 304,
      headers: ['Cache-Control', 'private, no-cache', 'ETag', '"3"'],
    });
    expect(answerOf(document, 'PATCH', '"3"').status).toBe(200);
  });

  it('says where something new is, below the prefix of the API', () => {
    expect(answerOf({ status: 201, location: '/tasks/1' }, 'POST', undefined).headers).toContain('/api/v1/tasks/1');
  });
});

describe('answerOfProblem', () => {
  const context = { publicOrigin: 'http://taskflow.test', requestId: 'request-1', traceId: 'trace-1' };

  it('ends the connection when the request did not arrive in full', () => {
    const problem = problemOf(new DomainError('too_large'), context);
    expect(answerOfProblem(problem, true).headers.slice(-2)).toEqual(['Connection', 'close']);
    expect(answerOfProblem(problem, false).headers).not.toContain('Connection');
  });

  it('says when to come back', () => {
    const problem = problemOf(new DomainError('too_many_requests', undefined, { retryAfterSeconds: 7 }), context);
    expect(answerOfProblem(problem, false).headers.join(' ')).toContain('Retry-After 7');
  });
});

describe('send', () => {
  it('counts the bytes of the body, and keeps what was set before', async () => {
    const response = await ask((_request, outgoing) => {
      outgoing.setHeader('Allow', 'GET');
      setCommonHeaders(outgoing, 'request-1');
      send(outgoing, 'request-1', answerOf(document, 'GET', undefined));
    });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      allow: 'GET',
      'content-length': '10',
      'x-request-id': 'request-1',
      'x-content-type-options': 'nosniff',
    });
    expect(await response.text()).toBe(document.body);
  });

  it('cuts an answer short that somebody else began, instead of writing into it', async () => {
    const response = await ask((_request, outgoing) => {
      outgoing.write('event: ', () => send(outgoing, 'request-1', { status: 500, headers: [], body: 'no' }));
    });
    await expect(response.text()).rejects.toThrow('terminated');
  });
});
