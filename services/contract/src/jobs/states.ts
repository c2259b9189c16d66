/** Where a job is in its life. The last three are final. */
export const jobStates = [
  'scheduled',
  'pending',
  'queued',
  'running',
  'retrying',
  'quarantined',
  'succeeded',
  'canceled',
  'discarded',
] as const;

/** See {@link jobStates}. */
export type JobState = (typeof jobStates)[number];

/** States that a job never leaves. */
export const finalJobStates = ['succeeded', 'canceled', 'discarded'] as const satisfies readonly JobState[];

/** Which queue a job runs through, most urgent first. */
export const jobPriorities = ['critical', 'default', 'bulk'] as const;

/** See {@link jobPriorities}. */
export type JobPriority = (typeof jobPriorities)[number];

/** Why a job waits for a person, or for its circuit breaker. */
export const quarantineReasons = ['exhausted', 'poison', 'payload_invalid', 'breaker'] as const;

/** See {@link quarantineReasons}. */
export type QuarantineReason = (typeof quarantineReasons)[number];

/** States of a circuit breaker. */
export const breakerStates = ['closed', 'open', 'half-open'] as const;

/** See {@link breakerStates}. */
export type BreakerState = (typeof breakerStates)[number];

/** What an operator decided for a breaker: by itself, forced either way, or counting without ever gating. */
export const breakerModes = ['auto', 'open', 'closed', 'observe'] as const;

/** See {@link breakerModes}. */
export type BreakerMode = (typeof breakerModes)[number];
