import type { JobState, QuarantineReason } from '@taskflow/contract/jobs';

/**
 * How an attempt ended: `superseded` when it changed nothing, since it was no longer the current one, or its end could
 * not be written and somebody takes over.
 */
export type AttemptEnd = 'succeeded' | 'retrying' | 'quarantined' | 'canceled' | 'returned' | 'superseded';

/** What an engine tells about its work, for metrics and logs. */
export type EngineEvent =
  | { readonly kind: 'dispatched'; readonly count: number; readonly transport: string }
  /** Ended at dispatch, without an attempt: expired, or gated by a breaker. */
  | { readonly kind: 'held'; readonly type: string; readonly state: JobState }
  | { readonly kind: 'started'; readonly type: string; readonly waitedMs: number }
  | {
      readonly kind: 'ended';
      readonly type: string;
      readonly jobId: string;
      readonly attempt: number;
      readonly outcome: AttemptEnd;
      readonly durationMs: number;
      readonly code: string | undefined;
      readonly reason: QuarantineReason | undefined;
      readonly error: unknown;
    }
  /** A handler that did not end although its signal aborted; it no longer holds a slot. */
  | { readonly kind: 'abandoned'; readonly type: string; readonly jobId: string }
  | { readonly kind: 'recovered'; readonly what: 'lost' | 'stale'; readonly count: number }
  | { readonly kind: 'transport'; readonly from: string | undefined; readonly to: string }
  | { readonly kind: 'fault'; readonly where: string; readonly error: unknown };

/** Must not throw. */
export type OnEngineEvent = (event: EngineEvent) => void;
