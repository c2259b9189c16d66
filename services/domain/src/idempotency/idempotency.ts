import { type Executor, isUniqueViolation, maybeOne, type Sql, sql } from '@taskflow/db';
import { DomainError } from '../core/errors.ts';

/** A write that its caller may repeat: who calls what under which key, with which body. */
export interface IdempotentWrite {
  readonly userId: string;
  readonly method: string;
  readonly path: string;
  readonly key: string;
  /** SHA-256 of the query and of the body as it came. */
  readonly bodyHash: Buffer;
}

/** An answer that was given: status, the headers that matter, and the JSON. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** How long an answer is kept. */
const keptHours = 24;

/**
 * Inserts the answer of a write under its key. It belongs into the write's own transaction: a twin that runs at the
 * same time waits here for the first one, then fails on the key and leaves nothing behind.
 *
 * @param answer SQL for `status smallint, headers jsonb, body text`, one row
 */
export function keepAnswer(write: IdempotentWrite, answer: Sql): Sql {
  return sql`
    insert into idempotency_keys (user_id, method, path, key, body_hash, expires_at, status, headers, body)
    select ${write.userId}, ${write.method}, ${write.path}, ${write.key}, ${write.bodyHash},
      now() + make_interval(hours => ${keptHours}::int), answer.status, answer.headers, answer.body
    from (${answer}) answer`;
}

/** Whether a statement failed because its twin was there first. */
export const isAnsweredAlready = (error: unknown): boolean => isUniqueViolation(error, 'idempotency_keys_pkey');

/**
 * The answer that the same write was given before, if any. Forgets an answer that is too old, so that the key is
 * free again.
 *
 * @throws DomainError `idempotency_mismatch` when the key was used with another body
 */
export async function findAnswer(executor: Executor, write: IdempotentWrite): Promise<KeptAnswer | undefined> {
  const key = sql`
    user_id = ${write.userId} and method = ${write.method} and path = ${write.path} and key = ${write.key}`;
  type Row = KeptAnswer & { body_hash: Buffer; expired: boolean };
  const row = await maybeOne<Row>(
    executor,
    sql`select body_hash, status, headers, body, expires_at <= now() as expired from idempotency_keys where ${key}`,
    { name: 'idempotency-find' },
  );
  if (row === undefined) {
    return undefined;
  }
  if (row.expired) {
    await executor.query(sql`delete from idempotency_keys where ${key} and expires_at <= now()`);
    return undefined;
  }
  if (!row.body_hash.equals(write.bodyHash)) {
    throw new DomainError('idempotency_mismatch');
  }
  return { status: row.status, headers: row.headers, body: row.body };
}
