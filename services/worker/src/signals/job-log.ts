import type { EngineEvent, OnEngineEvent } from '@taskflow/jobs';
import { type Logger, runInContext, type WorkContext } from '@taskflow/telemetry';

type Ended = Extract<EngineEvent, { kind: 'ended' }>;

/** Options of {@link createJobLog}. */
export interface JobLogOptions {
  readonly log: Logger;
  /** The context of an attempt that has ended. */
  readonly takeContext: (jobId: string, attempt: number) => WorkContext | undefined;
}

/** Writes one line an attempt, and one for whatever else an operator should know. */
export function createJobLog({ log, takeContext }: JobLogOptions): OnEngineEvent {
  function logAttempt(event: Ended): void {
    const { jobId, type, attempt, outcome, code: errorCode, reason, error } = event;
    const fields = { jobId, type, attempt, outcome, durationMs: Math.round(event.durationMs * 100) / 100 };
    const context = takeContext(jobId, attempt);
    const write = (): void => {
      if (errorCode === undefined) {
        log.info(fields, 'job');
      } else if (outcome === 'quarantined') {
        log.error({ ...fields, errorCode, reason, err: error }, 'job');
      } else {
        // an error that nobody foresaw is shown in full the first time; one that has a code says enough by it
        log.warn({ ...fields, errorCode, ...(errorCode === 'UNKNOWN' && { err: error }) }, 'job');
      }
    };
    if (context === undefined) {
      write();
    } else {
      runInContext(context, write);
    }
  }

  return (event) => {
    switch (event.kind) {
      case 'ended':
        logAttempt(event);
        break;
      case 'abandoned':
        log.error({ jobId: event.jobId, type: event.type }, 'a job does not end although it was told to');
        break;
      case 'recovered':
        log.warn({ what: event.what, count: event.count }, 'jobs are dispatched again');
        break;
      case 'transport':
        log.warn({ from: event.from, to: event.to }, 'jobs are carried another way');
        break;
      case 'fault':
        log.warn({ where: event.where, err: event.error }, 'job engine');
        break;
      case 'dispatched':
      case 'held':
      case 'started':
        break;
    }
  };
}
