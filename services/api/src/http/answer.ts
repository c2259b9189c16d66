import type { ServerResponse } from 'node:http';
import { apiPrefix } from '@taskflow/contract/api';
import { isNotModified } from './conditional.ts';
import type { ProblemAnswer } from './problem.ts';
import type { Reply } from './reply.ts';

/** What goes out, beside the headers that every answer has. */
export interface Answer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body?: string;
}

const jsonType = ['Content-Type', 'application/json; charset=utf-8'] as const;
const notStored = ['Cache-Control', 'no-store'] as const;

/** What a reply says over HTTP: that nothing changed, to a reader who has this very version. */
export function answerOf(reply: Reply, method: string, ifNoneMatch: string | undefined): Answer {
  const { status, etag, location, cookie, body } = reply;
  const headers: string[] =
    etag === undefined ? [...notStored] : ['Cache-Control', 'private, no-cache', 'ETag', `"${etag}"`];
  if (location !== undefined) {
    headers.push('Location', `${apiPrefix}${location}`);
  }
  if (cookie !== undefined) {
    headers.push('Set-Cookie', cookie);
  }
  const isRead = method === 'GET' || method === 'HEAD';
  if (isRead && isNotModified(ifNoneMatch, etag)) {
    return { status: 304, headers };
  }
  if (body === undefined) {
    return { status, headers };
  }
  headers.push(...jsonType);
  return { status, headers, body };
}

/** A problem document. @param isLastOnConnection the request did not arrive in full, so nothing can follow it */
export function answerOfProblem({ problem, headers }: ProblemAnswer, isLastOnConnection: boolean): Answer {
  return {
    status: problem.status,
    headers: [
      ...notStored,
      'Content-Type',
      'application/problem+json',
      ...Object.entries(headers).flat(),
      ...(isLastOnConnection ? ['Connection', 'close'] : []),
    ],
    body: JSON.stringify(problem),
  };
}

/** For a response that somebody else writes, so that it says what every answer does. */
export function setCommonHeaders(response: ServerResponse, requestId: string): void {
  response.setHeader('X-Request-Id', requestId);
  response.setHeader('X-Content-Type-Options', 'nosniff');
}

/**
 * Writes an answer. Head and body go to the socket at once, the headers as they stand here: setting them one by one and
 * letting Koa find out about the body cost a request that does nothing else a fifth of its CPU.
 */
export function send(response: ServerResponse, requestId: string, { status, headers, body }: Answer): void {
  if (response.headersSent || response.destroyed) {
    // whoever asked has left, or is in the middle of an answer that cannot be taken back
    response.destroy();
    return;
  }
  const all = ['X-Request-Id', requestId, 'X-Content-Type-Options', 'nosniff', ...headers];
  if (body !== undefined) {
    all.push('Content-Length', String(Buffer.byteLength(body)));
  }
  response.writeHead(status, all);
  response.end(body);
}
