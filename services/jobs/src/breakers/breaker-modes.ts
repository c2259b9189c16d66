import { type Executor, sql } from '@taskflow/db';
import type { CircuitMode } from '@taskflow/resilience';

/** What an operator decided for a breaker. */
export interface DecidedMode {
  readonly mode: CircuitMode;
  readonly setBy: string | undefined;
  readonly setAt: Date;
}

/** What operators decided, by breaker key; what is left to the breakers is not among it. */
export async function readBreakerModes(executor: Executor): Promise<Map<string, DecidedMode>> {
  const rows = await executor.query<{ key: string; mode: CircuitMode; setBy: string | null; setAt: Date }>(
    sql`select key, mode, set_by as "setBy", set_at as "setAt" from breaker_modes where mode <> 'auto' order by key`,
    { name: 'breaker-modes' },
  );
  return new Map(rows.map(({ key, mode, setBy, setAt }) => [key, { mode, setBy: setBy ?? undefined, setAt }]));
}

/** Keeps what an operator decided, for as long as it is not left to the breaker again. */
export async function writeBreakerMode(
  executor: Executor,
  key: string,
  mode: CircuitMode,
  actorId: string,
): Promise<void> {
  await executor.query(
    mode === 'auto'
      ? sql`delete from breaker_modes where key = ${key}`
      : sql`
        insert into breaker_modes (key, mode, set_by) values (${key}, ${mode}, ${actorId})
        on conflict (key) do update set mode = excluded.mode, set_by = excluded.set_by, set_at = now()`,
  );
}
