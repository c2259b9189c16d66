/** How an engine works; what a type says about itself goes before. */
export interface EngineSettings {
  /** Handlers at the same time in this process. */
  readonly concurrency: number;
  /** Attempts in all. */
  readonly maxAttempts: number;
  /** Before the second attempt. */
  readonly retryDelayMs: number;
  /** The longest that a job waits when its NOTIFY got lost. @default 1 s */
  readonly pollIntervalMs?: number;
  /** For how long a claim holds without a heart-beat, which comes three times as often. @default 30 s */
  readonly leaseMs?: number;
  /** What was queued so long ago and never claimed is dispatched again. @default 30 s */
  readonly staleAfterMs?: number;
  /** How often the reconciler looks. @default 1 s */
  readonly reconcileIntervalMs?: number;
  /** How long a handler may take to end once its signal has aborted, before it is left to itself. @default 2 s */
  readonly abortGraceMs?: number;
  /** How long running handlers may go on after a stop before they are returned. @default 10 s */
  readonly shutdownGraceMs?: number;
}

/** {@link EngineSettings} with nothing left open. */
export type ResolvedSettings = Required<EngineSettings>;

/** Fills in the defaults. */
export function resolveSettings(settings: EngineSettings): ResolvedSettings {
  return {
    pollIntervalMs: 1_000,
    leaseMs: 30_000,
    staleAfterMs: 30_000,
    reconcileIntervalMs: 1_000,
    abortGraceMs: 2_000,
    shutdownGraceMs: 10_000,
    ...settings,
  };
}
