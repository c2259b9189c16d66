import { type Executor, maybeOne, sql } from '@taskflow/db';

/** A session to be. */
export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly tokenHash: Buffer;
  readonly userAgent: string;
  readonly ip: string;
  readonly ttlDays: number;
}

const isLive = sql`s.revoked_at is null and s.expires_at > now()`;

/** Begins a session. */
export async function insertSession(tx: Executor, session: NewSession): Promise<void> {
  const { id, userId, tokenHash, userAgent, ip, ttlDays } = session;
  await tx.query(sql`
    insert into sessions (id, user_id, token_hash, user_agent, ip, expires_at)
    values (${id}, ${userId}, ${tokenHash}, ${userAgent}, ${ip}, now() + make_interval(days => ${ttlDays}::int))`);
}

/** Ends the session with this hash. @returns whose it was, if there was one */
export async function revokeByHash(tx: Executor, tokenHash: Buffer): Promise<string | undefined> {
  const row = await maybeOne<{ user_id: string }>(
    tx,
    sql`update sessions set revoked_at = now() where token_hash = ${tokenHash} and revoked_at is null returning user_id`,
  );
  return row?.user_id;
}

/** Ends one session of a person. @returns whether there was one */
export async function revokeOne(tx: Executor, userId: string, id: string): Promise<boolean> {
  const rows = await tx.query(sql`
    update sessions s set revoked_at = now()
    where s.id = ${id} and s.user_id = ${userId} and ${isLive}
    returning s.id`);
  return rows.length > 0;
}

/** Ends every session of a person, but not the one with this id. */
export async function revokeOthers(tx: Executor, userId: string, keptId: string): Promise<void> {
  await tx.query(sql`
    update sessions set revoked_at = now() where user_id = ${userId} and id <> ${keptId} and revoked_at is null`);
}

/** Ends every session of a person. */
export async function revokeAll(tx: Executor, userId: string): Promise<void> {
  await tx.query(sql`update sessions set revoked_at = now() where user_id = ${userId} and revoked_at is null`);
}

/** Where a person is signed in, last used first. */
export const listSessions = (
  executor: Executor,
  userId: string,
  currentId: string,
): Promise<{ readonly json: string }[]> =>
  executor.query(sql`
    select json_build_object(
      'id', s.id,
      'current', s.id = ${currentId}::uuid,
      'userAgent', s.user_agent,
      'ip', s.ip,
      'createdAt', rfc3339(s.created_at),
      'lastUsedAt', rfc3339(s.last_used_at),
      'expiresAt', rfc3339(s.expires_at)
    )::text as json
    from sessions s
    where s.user_id = ${userId} and ${isLive}
    order by s.last_used_at desc, s.id`);

/** Writes down that a session is in use, and lets it live on for as long as a new one. */
export async function touchSession(executor: Executor, id: string, ttlDays: number): Promise<void> {
  await executor.query(
    sql`
      update sessions s set last_used_at = now(), expires_at = now() + make_interval(days => ${ttlDays}::int)
      where s.id = ${id} and ${isLive}`,
    { name: 'session-touch' },
  );
}
