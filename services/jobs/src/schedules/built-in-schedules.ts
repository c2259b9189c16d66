import { type Executor, sql } from '@taskflow/db';
import type { JobType } from '../job-type.ts';
import { readNow } from './read-now.ts';
import { nextRun, type Timing } from './timing.ts';

/** A schedule that the release brings along. */
export interface BuiltInSchedule extends Timing {
  /** Stays the same for ever. */
  readonly key: string;
  readonly type: string;
  readonly payload: unknown;
}

/** Declares a schedule; its payload agrees with its type. @param timing time zone `UTC` unless it says otherwise */
export function defineSchedule<Payload>(
  key: string,
  type: JobType<Payload>,
  payload: Payload,
  timing: { readonly cron: string; readonly timeZone?: string },
): BuiltInSchedule {
  return { key, type: type.name, payload, timeZone: 'UTC', ...timing };
}

/**
 * Makes the stored schedules what the release says, however many workers do so at a time. What an operator decided
 * (pause) and when they run next is kept, unless their timing changed. Schedules of other releases stay as they are.
 */
export async function ensureSchedules(
  executor: Executor,
  schedules: readonly BuiltInSchedule[],
  newId: () => string,
): Promise<void> {
  const now = await readNow(executor);
  // in one order, so that two workers that start together cannot wait for each other
  const rows = schedules
    .toSorted((left, right) => (left.key < right.key ? -1 : 1))
    .map((schedule) => ({
      id: newId(),
      key: schedule.key,
      type: schedule.type,
      payload: schedule.payload,
      cron: schedule.cron,
      time_zone: schedule.timeZone,
      next_run_at: nextRun(schedule, now),
    }));
  await executor.query(sql`
    insert into schedules as kept (id, key, type, payload, cron, time_zone, next_run_at)
    select s.id, s.key, s.type, s.payload, s.cron, s.time_zone, s.next_run_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s (
      id uuid, key text, type text, payload jsonb, cron text, time_zone text, next_run_at timestamptz
    )
    on conflict (key) do update set
      type = excluded.type, payload = excluded.payload, cron = excluded.cron, time_zone = excluded.time_zone,
      next_run_at = case
        when (kept.cron, kept.time_zone) = (excluded.cron, excluded.time_zone) and kept.next_run_at is not null
        then kept.next_run_at else excluded.next_run_at
      end,
      version = kept.version + 1, updated_at = now()
    where (kept.type, kept.payload, kept.cron, kept.time_zone)
      is distinct from (excluded.type, excluded.payload, excluded.cron, excluded.time_zone)`);
}
