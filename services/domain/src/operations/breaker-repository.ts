import type { BreakerMode, BreakerState } from '@taskflow/contract/jobs';
import { type Executor, sql } from '@taskflow/db';

/** What was written down about a breaker last. */
export interface BreakerRecord {
  readonly key: string;
  readonly state: BreakerState;
  readonly mode: BreakerMode;
  readonly modeSetBy: string | null;
  readonly modeSetAt: Date | null;
  readonly failures: number;
  readonly cooldownMs: number | null;
  readonly openedAt: Date | null;
  readonly probeAt: Date | null;
  readonly probeInMs: number | null;
  readonly quarantined: number;
}

/** Breakers that were not closed when they were last heard of, that somebody decided for, or that jobs wait for. */
export const readBreakerRecords = (executor: Executor): Promise<BreakerRecord[]> =>
  executor.query<BreakerRecord & Record<string, unknown>>(sql`
    with last as (
      select distinct on (key) key, to_state, failures, cooldown_ms, at from breaker_events order by key, id desc
    ), held as (
      select breaker_key as key, count(*)::int as count from jobs
      where state = 'quarantined' and reason = 'breaker' and breaker_key is not null group by breaker_key
    ), keys as (
      select key from last where to_state <> 'closed' union select key from breaker_modes union select key from held
    )
    select k.key, coalesce(l.to_state, 'closed') as state, coalesce(m.mode::text, 'auto') as mode,
      m.set_by as "modeSetBy", m.set_at as "modeSetAt", coalesce(l.failures, 0) as failures,
      case when l.to_state <> 'closed' then l.cooldown_ms end as "cooldownMs",
      case when l.to_state <> 'closed' then l.at end as "openedAt",
      case when l.to_state = 'open' then l.at + make_interval(secs => l.cooldown_ms / 1000.0) end as "probeAt",
      case when l.to_state = 'open' then greatest(0, (extract(epoch from l.at - now()) * 1000 + l.cooldown_ms)::float8)
        end as "probeInMs",
      coalesce(h.count, 0) as quarantined
    from keys k left join last l on l.key = k.key left join held h on h.key = k.key
      left join breaker_modes m on m.key = k.key
    order by (coalesce(l.to_state, 'closed') = 'closed'), k.key`);

/** Names by id: of people and workspaces, and the hosts of webhooks. What there is not is left out. */
export async function readNames(executor: Executor, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) {
    return new Map();
  }
  const rows = await executor.query<{ id: string; name: string }>(
    sql`
      select id::text, name from users where id = any (${[...ids]}::uuid[])
      union all
      select id::text, name from workspaces where id = any (${[...ids]}::uuid[])
      union all
      select id::text, split_part(split_part(url, '://', 2), '/', 1) from webhooks where id = any (${[...ids]}::uuid[])`,
    { name: 'operations-names' },
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
