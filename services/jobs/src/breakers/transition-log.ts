import { metricNames } from '@taskflow/contract/platform';
import { type Executor, sql } from '@taskflow/db';
import type { Logger, Metrics } from '@taskflow/telemetry';
import type { BreakerTransition } from './breaker-event.ts';
import { breakerKey, scopeKey } from './breakers.ts';

/** Keeps what breakers did: in the table, in the log, in the metrics. */
export interface TransitionLog {
  /** Never throws and never waits; what PostgreSQL does not take now is kept for later. */
  record(transitions: readonly BreakerTransition[]): void;
  /** Resolves when everything recorded so far was written, or could not be. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Rows that wait for PostgreSQL; the oldest go first. */
const mostWaiting = 1_000;
const retryAfterMs = 1_000;

interface Row extends BreakerTransition {
  readonly atMs: number;
}

/** Creates the log of one process. @param options.now milliseconds that only go forward */
export function createTransitionLog(options: {
  readonly executor: Executor;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly metrics?: Metrics;
  readonly now: () => number;
}): TransitionLog {
  const { executor, logger, metrics, now } = options;
  const total = metrics?.counter({
    name: metricNames.breakerTransitionsTotal,
    help: 'Transitions of circuit breakers that this process made or saw.',
    labels: ['type', 'code', 'to'],
  });
  let waiting: Row[] = [];
  let writing: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;

  async function insert(rows: readonly Row[]): Promise<void> {
    const nowMs = now();
    await executor.query(
      sql`
      insert into breaker_events (key, at, from_state, to_state, cause, failures, cooldown_ms, actor_id)
      select key, now() - make_interval(secs => age_ms / 1000.0), from_state, to_state, cause, failures,
        nullif(cooldown_ms, 0), actor_id
      from unnest(${rows.map(({ scope, code }) => breakerKey(scope, code))}::text[],
        ${rows.map(({ atMs }) => Math.max(0, Math.round(nowMs - atMs)))}::int[],
        ${rows.map(({ from }) => from)}::text[], ${rows.map(({ to }) => to)}::text[],
        ${rows.map(({ cause, isLocal }) => (isLocal === true ? `${cause} (one worker, without Redis)` : cause))}::text[],
        ${rows.map(({ failures }) => failures)}::int[], ${rows.map(({ cooldownMs }) => cooldownMs)}::int[],
        ${rows.map(({ actorId }) => actorId ?? null)}::uuid[])
        as t (key, age_ms, from_state, to_state, cause, failures, cooldown_ms, actor_id)`,
      { name: 'breaker-events-insert' },
    );
  }

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const rows = waiting;
      waiting = [];
      try {
        await insert(rows);
      } catch (error) {
        logger.warn({ err: error, count: rows.length }, 'transitions of breakers wait to be written');
        waiting = [...rows, ...waiting].slice(-mostWaiting);
        retry ??= setTimeout(() => {
          retry = undefined;
          void flush();
        }, retryAfterMs).unref();
        return;
      }
    }
  }

  function flush(): Promise<void> {
    writing ??= write().finally(() => {
      writing = undefined;
    });
    return writing;
  }

  return {
    flush,
    record(transitions) {
      for (const transition of transitions) {
        const { scope, code, from, to, cause, failures, cooldownMs, actorId, isLocal = false } = transition;
        const fields = { breaker: breakerKey(scope, code), scope: scopeKey(scope), from, to, cause, isLocal };
        logger.info({ ...fields, failures, cooldownMs, actorId }, `breaker ${from} > ${to}: ${cause}`);
        total?.inc({ type: scope.type, code, to });
        waiting.push({ ...transition, atMs: now() });
      }
      if (waiting.length > 0) {
        void flush();
      }
    },
    async close() {
      clearTimeout(retry);
      await flush();
      clearTimeout(retry);
    },
  };
}
