import { createHash } from 'node:crypto';
import type { RouteContract } from '@taskflow/contract/http';
import { type Executor, sql } from '@taskflow/db';
import {
  DomainError,
  findAnswer,
  type IdempotentWrite,
  isAnsweredAlready,
  type KeptAnswer,
  keepAnswer,
  type UnitOfWork,
} from '@taskflow/domain';
import type { Reply } from './reply.ts';

const keyPattern = /^[\x21-\x7e]{1,200}$/;

/**
 * The write that a request's Idempotency-Key names; undefined without one, without a caller, and where the answer
 * holds a secret.
 *
 * @throws DomainError `malformed_request` for a key that is no printable ASCII of up to 200 characters
 */
export function idempotentWrite(
  contract: RouteContract,
  request: {
    readonly key: string | string[] | undefined;
    readonly userId: string | undefined;
    readonly method: string;
    readonly path: string;
    readonly query: unknown;
    readonly body: Buffer;
  },
): IdempotentWrite | undefined {
  const { key, userId, method, path, query, body } = request;
  if (key === undefined || userId === undefined || contract.secret === true) {
    return undefined;
  }
  if (typeof key !== 'string' || !keyPattern.test(key)) {
    throw new DomainError('malformed_request', 'Idempotency-Key must be 1 to 200 printable ASCII characters');
  }
  const bodyHash = createHash('sha256').update(JSON.stringify(query)).update(body).digest();
  return { userId, method, path, key, bodyHash };
}

/** Keeps a reply as part of the unit of work that made it. */
export async function keepReply(unit: UnitOfWork, write: IdempotentWrite, reply: Reply): Promise<void> {
  const headers = JSON.stringify({
    ...(reply.etag === undefined ? {} : { etag: reply.etag }),
    ...(reply.location === undefined ? {} : { location: reply.location }),
  });
  const answer = sql`
    select ${reply.status}::smallint as status, ${headers}::jsonb as headers, ${reply.body ?? null}::text as body`;
  await unit.query(keepAnswer(write, answer), { name: 'idempotency-keep' });
}

/**
 * What a write was answered before, although what its path names is not there any more: it may have taken that away
 * itself, or brought back what was deleted.
 */
export async function answerGivenBefore(database: Executor, write: IdempotentWrite): Promise<Reply | undefined> {
  const answer = await findAnswer(database, write);
  return answer === undefined ? undefined : replay(answer);
}

/**
 * Runs a write so that repeating it changes nothing: the answer that was given before is given again, and of two that
 * run at the same time the second fails on the key, leaves nothing behind, and gets the first one's answer.
 */
export async function runOnce(
  database: Executor,
  write: IdempotentWrite,
  run: () => Promise<Reply>,
  options: { readonly lookFirst: boolean },
): Promise<Reply> {
  const before = options.lookFirst ? await answerGivenBefore(database, write) : undefined;
  if (before !== undefined) {
    return before;
  }
  try {
    return await run();
  } catch (error) {
    const meanwhile = await findAnswer(database, write).catch((lookUpError: unknown) => {
      throw lookUpError instanceof DomainError ? lookUpError : error;
    });
    if (meanwhile !== undefined) {
      return replay(meanwhile);
    }
    if (isAnsweredAlready(error)) {
      // what stood in the way had expired, and is gone now
      return await run();
    }
    throw error;
  }
}

function replay({ status, headers, body }: KeptAnswer): Reply {
  return {
    status: status === 201 || status === 202 || status === 204 ? status : 200,
    ...(body === null ? {} : { body }),
    ...(headers['etag'] === undefined ? {} : { etag: headers['etag'] }),
    ...(headers['location'] === undefined ? {} : { location: headers['location'] }),
  };
}
