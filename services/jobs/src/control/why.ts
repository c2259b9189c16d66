import type { JobState, QuarantineReason } from '@taskflow/contract/jobs';
import { type Executor, maybeOne, sql } from '@taskflow/db';

/** What is known about a breaker that a job waits for. */
export interface BreakerOutlook {
  /** Until the next probe; `undefined` when none is planned, as for one that is forced open. */
  readonly probeInMs: number | undefined;
}

/** Why a job is in the state it is in. */
export interface JobWhy {
  readonly jobId: string;
  readonly type: string;
  readonly state: JobState;
  readonly cause: WhyCause;
  /** One sentence for people. */
  readonly sentence: string;
  /** When something is going to happen by itself, if that is known. */
  readonly nextAt: Date | undefined;
  readonly breakerKey: string | undefined;
  readonly errorCode: string | undefined;
}

/** See {@link JobWhy}. */
export type WhyCause =
  | 'scheduled'
  | 'type_paused'
  | 'type_at_limit'
  | 'behind_others'
  | 'next_in_line'
  | 'with_transport'
  | 'running'
  | 'canceling'
  | 'waits_for_retry'
  | QuarantineReason
  | 'succeeded'
  | 'canceled'
  | 'expired'
  | 'discarded';

interface Facts {
  readonly id: string;
  readonly type: string;
  readonly state: JobState;
  readonly reason: QuarantineReason | null;
  readonly attempt: number;
  readonly tries: number;
  readonly worker: string | null;
  readonly runAt: Date;
  readonly dueInMs: number;
  readonly startedAgoMs: number | null;
  readonly isCanceling: boolean;
  readonly breakerKey: string | null;
  readonly errorCode: string | null;
  readonly discardReason: string | null;
  readonly isPaused: boolean;
  readonly ahead: number;
  readonly inFlight: number;
}

/** Older jobs of a lane are counted this far; beyond, "many" says enough. */
const mostCounted = 1_000;

async function readFacts(executor: Executor, jobId: string): Promise<Facts | undefined> {
  return maybeOne<Facts & Record<string, unknown>>(
    executor,
    sql`
    select j.id, j.type, j.state, j.reason, j.attempt, j.tries, j.worker, j.run_at as "runAt",
      (extract(epoch from j.run_at - now()) * 1000)::float8 as "dueInMs",
      (extract(epoch from now() - j.started_at) * 1000)::float8 as "startedAgoMs",
      j.cancel_requested_at is not null as "isCanceling", j.breaker_key as "breakerKey",
      j.error_code as "errorCode", j.discard_reason as "discardReason", s.paused_at is not null as "isPaused",
      case when j.state = 'pending' then (
        select count(*) from (
          select 1 from jobs o
          where o.state = 'pending' and o.type = j.type and o.lane = j.lane and (o.run_at, o.id) < (j.run_at, j.id)
          limit ${mostCounted}
        ) as older
      ) else 0 end::int as ahead,
      case when j.state = 'pending' then (
        select count(*) from jobs o where o.state in ('queued', 'running') and o.type = j.type
      ) else 0 end::int as "inFlight"
    from jobs j
    left join job_type_settings s on s.type = j.type
    where j.id = ${jobId}`,
    { name: 'jobs-why' },
  );
}

/** A duration as people say it. */
function inWords(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1_000));
  if (seconds < 120) {
    return `${seconds} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

type Answer = readonly [WhyCause, string];

function whyPending(facts: Facts, limit: number | undefined): Answer {
  if (facts.isPaused) {
    return ['type_paused', `waits: an operator paused ${facts.type}`];
  }
  if (limit !== undefined && facts.inFlight >= limit) {
    return ['type_at_limit', `waits: ${facts.inFlight} of at most ${limit} jobs of ${facts.type} are under way`];
  }
  if (facts.ahead > 0) {
    const count = facts.ahead === mostCounted ? `${mostCounted} or more` : String(facts.ahead);
    return ['behind_others', `waits behind ${count} older ${facts.ahead === 1 ? 'job' : 'jobs'} of its kind`];
  }
  return ['next_in_line', 'is next in line for a worker that is free'];
}

function whyRunning(facts: Facts): Answer {
  const since = `attempt ${facts.attempt} has been running for ${inWords(facts.startedAgoMs ?? 0)} on ${facts.worker ?? 'a worker'}`;
  return facts.isCanceling ? ['canceling', `${since} and was told to end`] : ['running', since];
}

function whyQuarantined(facts: Facts, outlook: BreakerOutlook | undefined): Answer {
  const code = facts.errorCode ?? 'UNKNOWN';
  switch (facts.reason) {
    case 'breaker': {
      const probe = outlook?.probeInMs === undefined ? '' : `, probe in ${inWords(outlook.probeInMs)}`;
      return ['breaker', `waits for breaker ${facts.breakerKey ?? facts.type}${probe}`];
    }
    case 'poison':
      return [
        'poison',
        `was stopped: its worker died or fell silent in each of the last attempts (${facts.tries} tries)`,
      ];
    case 'payload_invalid':
      return ['payload_invalid', `was stopped: this release cannot read its payload`];
    case 'exhausted':
    case null:
      return ['exhausted', `was stopped after ${facts.tries} ${facts.tries === 1 ? 'try' : 'tries'}: ${code}`];
  }
}

function answer(facts: Facts, limit: number | undefined, outlook: BreakerOutlook | undefined): Answer {
  switch (facts.state) {
    case 'scheduled':
      return ['scheduled', `is not due yet: starts in ${inWords(facts.dueInMs)}`];
    case 'pending':
      return whyPending(facts, limit);
    case 'queued':
      return ['with_transport', 'is on its way to a worker'];
    case 'running':
      return whyRunning(facts);
    case 'retrying': {
      const failed = facts.errorCode === null ? 'could not be run' : `failed with ${facts.errorCode}`;
      return ['waits_for_retry', `${failed}; next attempt in ${inWords(facts.dueInMs)}`];
    }
    case 'quarantined':
      return whyQuarantined(facts, outlook);
    case 'succeeded':
      return ['succeeded', 'is done'];
    case 'canceled':
      return ['canceled', 'was canceled'];
    case 'discarded':
      return facts.discardReason === 'expired'
        ? ['expired', 'was discarded: it had not started when its time was over']
        : ['discarded', `was discarded${facts.discardReason === null ? '' : `: ${facts.discardReason}`}`];
  }
}

/**
 * Says why a job is where it is.
 *
 * @param options.limitOf the cluster-wide limit of a type, if it has one
 * @param options.outlookOf what is known about a breaker by its key
 * @returns `undefined` when there is no such job
 */
export async function whyJob(
  executor: Executor,
  jobId: string,
  options: {
    readonly limitOf: (type: string) => number | undefined;
    readonly outlookOf: (breakerKey: string) => Promise<BreakerOutlook | undefined>;
  },
): Promise<JobWhy | undefined> {
  const facts = await readFacts(executor, jobId);
  if (facts === undefined) {
    return undefined;
  }
  const { breakerKey, errorCode, state, type } = facts;
  const waitsForBreaker = facts.reason === 'breaker' && breakerKey !== null;
  const outlook = waitsForBreaker ? await options.outlookOf(breakerKey) : undefined;
  const [cause, sentence] = answer(facts, options.limitOf(type), outlook);
  const waitsForTime = state === 'scheduled' || state === 'retrying';
  return {
    jobId,
    type,
    state,
    cause,
    sentence: `${sentence}.`,
    nextAt: waitsForTime ? facts.runAt : undefined,
    breakerKey: breakerKey ?? undefined,
    errorCode: errorCode ?? undefined,
  };
}
