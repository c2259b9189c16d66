import { type Executor, sql } from '@taskflow/db';
import type { JobType } from '../job-type.ts';
import { retrySettingsOf } from '../retry/retry-settings.ts';
import type { OnEngineEvent } from './engine-events.ts';
import type { ReconcileStep } from './reconciler.ts';
import type { ResolvedSettings } from './settings.ts';

/** Rows in one go; the next tick does the rest. */
const mostRows = 500;

/** However many there are, the last of those that go one after another does not wait longer. */
const longestSpreadMs = 60_000;

/**
 * Takes attempts away from workers whose lease ran out: the job is run again, or quarantined as `poison` when this was
 * the last try. The worker, should it still live, is fenced off: its attempt is no longer the current one.
 *
 * A job that kills its worker takes those with it that run beside it, and their leases run out together: were they
 * started together again, all of them would end as poison. So those with one try left go one after another.
 */
async function recoverLost(
  executor: Executor,
  limits: readonly { readonly type: string; readonly maxAttempts: number }[],
  settings: ResolvedSettings,
): Promise<number> {
  const gapMs = settings.retryDelayMs / 5;
  const rows = await executor.query(
    sql`
    with lost as materialized (
      select j.id, coalesce(l.max_attempts, ${settings.maxAttempts}) - j.tries as tries_left
      from jobs j
      left join unnest(${limits.map(({ type }) => type)}::text[], ${limits.map(({ maxAttempts }) => maxAttempts)}::int[])
        as l (type, max_attempts) on l.type = j.type
      where j.state = 'running' and j.lease_expires_at < now()
      order by j.id
      limit ${mostRows}
      for update of j skip locked
    ), placed as (
      select id, tries_left <= 0 as is_poison, tries_left = 1 as is_last_chance,
        (row_number() over (partition by tries_left order by random()) - 1)
          * least(${gapMs}::float8, ${longestSpreadMs}::float8 / count(*) over (partition by tries_left)) as delay_ms
      from lost
    ), changed as (
      update jobs j set
        state = case when j.cancel_requested_at is not null then 'canceled'
          when l.is_poison then 'quarantined'
          when l.is_last_chance then 'retrying' else 'pending' end::job_state,
        run_at = case when l.is_last_chance then now() + make_interval(secs => l.delay_ms / 1000) else j.run_at end,
        finished_at = case when j.cancel_requested_at is not null then now() end,
        reason = case when j.cancel_requested_at is null and l.is_poison then 'poison'::quarantine_reason end,
        error_code = 'LOST',
        error_message = 'The worker did not report back before its lease ran out.',
        fingerprint = null,
        is_probe = false
      from placed l
      where j.id = l.id
      returning j.id, j.attempt, j.worker, j.started_at, j.state, j.error_code, j.error_message
    ), remembered as (
      insert into job_attempts (job_id, attempt, outcome, worker, started_at, error_code, error_message)
      select id, attempt, 'lost', worker, started_at, error_code, error_message from changed
    )
    select id from changed`,
    { name: 'jobs-recover-lost' },
  );
  return rows.length;
}

async function recoverStale(executor: Executor, staleAfterMs: number): Promise<number> {
  const rows = await executor.query(
    sql`
    with stale as materialized (
      select id from jobs
      where state = 'queued' and queued_at < now() - make_interval(secs => ${staleAfterMs / 1_000})
      order by id
      limit ${mostRows}
      for update skip locked
    )
    update jobs j set state = 'pending' from stale where j.id = stale.id
    returning j.id`,
    { name: 'jobs-recover-stale' },
  );
  return rows.length;
}

/** Brings back what a worker or the transport lost. `onRecovered` is called when there was something. */
export function createRecoverySteps(options: {
  readonly types: readonly JobType[];
  readonly settings: ResolvedSettings;
  readonly onEvent: OnEngineEvent;
  readonly onRecovered: () => void;
}): ReconcileStep[] {
  const { types, settings, onEvent, onRecovered } = options;
  const limits = types.map((type) => ({
    type: type.name,
    maxAttempts: retrySettingsOf(type, settings).maxAttempts,
  }));

  function tell(what: 'lost' | 'stale', count: number): void {
    if (count > 0) {
      onEvent({ kind: 'recovered', what, count });
      onRecovered();
    }
  }

  return [
    {
      name: 'lost leases',
      async run(executor) {
        tell('lost', await recoverLost(executor, limits, settings));
      },
    },
    {
      name: 'stale deliveries',
      async run(executor) {
        tell('stale', await recoverStale(executor, settings.staleAfterMs));
      },
    },
  ];
}
