import { type Executor, maybeOne, sql } from '@taskflow/db';
import type { TokenScope } from '@taskflow/contract/http';
import { tokenJson } from './json.ts';

/** A token to be. */
export interface NewToken {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly tokenHash: Buffer;
  readonly scopes: readonly TokenScope[];
  readonly expiresAt: string | null;
}

const isLive = sql`k.revoked_at is null and (k.expires_at is null or k.expires_at > now())`;

/**
 * Creates a token, unless the person has `maxTokens` already.
 *
 * @param value the token itself, which this answer alone holds
 */
export const insertToken = (
  tx: Executor,
  token: NewToken,
  value: string,
  maxTokens: number,
): Promise<{ readonly json: string } | undefined> =>
  maybeOne(
    tx,
    sql`
      insert into api_tokens as k (id, user_id, name, token_hash, scopes, expires_at)
      select ${token.id}, ${token.userId}, ${token.name}, ${token.tokenHash}, ${token.scopes}::text[],
        ${token.expiresAt}::timestamptz
      where (select count(*) from api_tokens k where k.user_id = ${token.userId} and ${isLive}) < ${maxTokens}
      returning (${tokenJson}::jsonb || jsonb_build_object('value', ${value}::text))::text as json`,
  );

/** When a token ends: null for one that lives until it is revoked. */
export async function tokenExpiry(executor: Executor, id: string): Promise<Date | null> {
  const row = await maybeOne<{ expires_at: Date | null }>(
    executor,
    sql`select expires_at from api_tokens where id = ${id}`,
  );
  return row?.expires_at ?? null;
}

/** Tokens of a person that still work, newest first. */
export const listTokens = (executor: Executor, userId: string): Promise<{ readonly json: string }[]> =>
  executor.query(sql`
    select ${tokenJson}::text as json from api_tokens k
    where k.user_id = ${userId} and ${isLive}
    order by k.id desc`);

/** Ends a token of a person. @returns whether there was one */
export async function revokeToken(tx: Executor, userId: string, id: string): Promise<boolean> {
  const rows = await tx.query(sql`
    update api_tokens k set revoked_at = now()
    where k.id = ${id} and k.user_id = ${userId} and ${isLive}
    returning k.id`);
  return rows.length > 0;
}

/** Ends every token of a person. */
export async function revokeTokens(tx: Executor, userId: string): Promise<void> {
  await tx.query(sql`update api_tokens k set revoked_at = now() where k.user_id = ${userId} and ${isLive}`);
}

/** Writes down that a token is in use. */
export async function touchToken(executor: Executor, id: string): Promise<void> {
  await executor.query(sql`update api_tokens set last_used_at = now() where id = ${id}`, { name: 'token-touch' });
}
