/**
 * How a process leaves: after SIGTERM it keeps serving for `drainDelayMs` (load balancers need that long to
 * forget it), then has `gracePeriodMs` to finish what is under way.
 */
export const lifecycleDefaults = {
  drainDelayMs: 5_000,
  gracePeriodMs: 25_000,
} as const;
