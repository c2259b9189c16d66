import { type Executor, sql } from '@taskflow/db';
import { type BreakerScope, parseBreakerKey } from './breakers.ts';

/** Rows in one go; the next tick does the rest. */
const mostRows = 5_000;
/** Scopes with waiting jobs that one release looks at. */
const mostScopes = 2_000;
/** After a gate has opened, attempts that were under way may still exhaust their jobs. */
const lateMinutes = 10;

/** A job that may go out to see whether the other side is back. */
export interface ProbeCandidate extends BreakerScope {
  readonly id: string;
}

/**
 * The oldest job that waits for its breaker, for each scope that has one and has no probe on its way. Jobs that are
 * not held yet are when their turn comes.
 */
export async function findProbes(executor: Executor, scopes: readonly BreakerScope[]): Promise<ProbeCandidate[]> {
  return executor.query<{ type: string; scope: string; id: string }>(
    sql`
    select s.type, s.scope, h.id
    from unnest(${scopes.map(({ type }) => type)}::text[], ${scopes.map(({ scope }) => scope)}::text[]) as s (type, scope)
    cross join lateral (
      select j.id from jobs j
      where j.type = s.type and j.scope = s.scope and j.state = 'quarantined' and j.reason = 'breaker'
        and (j.expires_at is null or j.expires_at > now())
      order by j.id
      limit 1
    ) h
    where not exists (
      select from jobs p
      where p.type = s.type and p.scope = s.scope and p.is_probe and p.state in ('pending', 'queued', 'running')
    )`,
    { name: 'breaker-probes-find' },
  );
}

/** Sends held jobs through their gates. @returns ids of those that were still held */
export async function markProbes(executor: Executor, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await executor.query<{ id: string }>(
    sql`
    update jobs set state = 'pending', is_probe = true, run_at = now(), tries = 0, reason = null, breaker_key = null
    where id = any (${ids}::uuid[]) and state = 'quarantined' and reason = 'breaker'
    returning id`,
    { name: 'breaker-probes-mark' },
  );
  return new Set(rows.map(({ id }) => id));
}

/** A scope that is gated since its attempts began to fail. */
export interface Outage extends BreakerScope {
  readonly breakerKey: string;
  /** Attempts that started from then on belong to it. */
  readonly sinceMs: number;
}

/** Jobs that an outage exhausted wait for its end like all others of their scope. */
export async function holdExhausted(executor: Executor, outages: readonly Outage[]): Promise<void> {
  await executor.query(
    sql`
    with picked as materialized (
      select h.id, e.breaker_key
      from unnest(${outages.map(({ type }) => type)}::text[], ${outages.map(({ scope }) => scope)}::text[],
          ${outages.map(({ breakerKey }) => breakerKey)}::text[], ${outages.map(({ sinceMs }) => sinceMs / 1_000)}::float8[])
        as e (type, scope, breaker_key, since)
      cross join lateral (
        select j.id from jobs j
        where j.type = e.type and j.scope = e.scope and j.state = 'quarantined' and j.reason = 'exhausted'
          and j.breaker_key is not null and j.started_at >= to_timestamp(e.since)
        order by j.started_at
        limit ${mostRows}
        for no key update skip locked
      ) h
      limit ${mostRows}
    )
    update jobs j set reason = 'breaker', breaker_key = p.breaker_key from picked p where j.id = p.id`,
    { name: 'breaker-hold-exhausted' },
  );
}

/**
 * The same for jobs whose last attempt was still under way when the gate opened. @param longestMs how long an attempt
 * of a type may take
 */
export async function holdEndedWithGate(executor: Executor, longestMs: (type: string) => number): Promise<void> {
  const closings = await executor.query<{ key: string; at: Date }>(
    sql`
    select key, max(at) as at from breaker_events
    where at > now() - make_interval(mins => ${lateMinutes}) and to_state = 'closed' and from_state <> 'closed'
    group by key`,
    { name: 'breaker-closings' },
  );
  const ended = closings.flatMap(({ key, at }) => {
    const scope = parseBreakerKey(key);
    return scope === undefined ? [] : [{ ...scope, key, at, sinceMs: at.getTime() - longestMs(scope.type) }];
  });
  if (ended.length === 0) {
    return;
  }
  await executor.query(
    sql`
    with picked as materialized (
      select h.id
      from unnest(${ended.map(({ type }) => type)}::text[], ${ended.map(({ scope }) => scope)}::text[],
          ${ended.map(({ at }) => at)}::timestamptz[], ${ended.map(({ sinceMs }) => sinceMs / 1_000)}::float8[])
        as e (type, scope, at, since)
      cross join lateral (
        select j.id from jobs j
        where j.type = e.type and j.scope = e.scope and j.state = 'quarantined' and j.reason = 'exhausted'
          and j.breaker_key is not null and j.started_at >= to_timestamp(e.since) and j.started_at < e.at
        order by j.started_at
        limit ${mostRows}
        for no key update skip locked
      ) h
      limit ${mostRows}
    )
    update jobs j set reason = 'breaker' from picked p where j.id = p.id`,
    { name: 'breaker-hold-late' },
  );
}

/** Lets jobs go whose scope is not gated, the oldest of each scope first. @returns how many */
export async function releaseHeld(
  executor: Executor,
  options: { readonly gated: readonly string[]; readonly perScope: number },
): Promise<number> {
  const rows = await executor.query(
    sql`
    with recursive held as (
      (select type, scope from jobs where state = 'quarantined' and reason = 'breaker' order by type, scope limit 1)
      union all
      select n.type, n.scope
      from held
      cross join lateral (
        select j.type, j.scope from jobs j
        where j.state = 'quarantined' and j.reason = 'breaker' and (j.type, j.scope) > (held.type, held.scope)
        order by j.type, j.scope
        limit 1
      ) n
    ), free as (
      select type, scope from held where type || '@' || scope <> all (${options.gated}::text[]) limit ${mostScopes}
    ), picked as materialized (
      select p.id
      from free
      cross join lateral (
        select j.id from jobs j
        where j.type = free.type and j.scope = free.scope and j.state = 'quarantined' and j.reason = 'breaker'
        order by j.id
        limit ${options.perScope}
        for update skip locked
      ) p
      limit ${mostRows}
    )
    update jobs set state = 'pending', is_probe = false, run_at = now(), tries = 0, reason = null, breaker_key = null
    where id = any (array(select id from picked)) and state = 'quarantined' and reason = 'breaker'
    returning id`,
    { name: 'breaker-release' },
  );
  return rows.length;
}
