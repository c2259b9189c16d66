import type { JobPriority } from '@taskflow/contract/jobs';
import type { z } from 'zod';

/** How often and how fast a job is tried again. What is not given follows the instance's configuration. */
export interface RetryPolicy {
  /** Attempts in all. @default MAX_RETRIES */
  readonly maxAttempts?: number;
  /** Before the second attempt; doubles with each further one. @default RETRY_DELAY_MS */
  readonly delayMs?: number;
  /** The longest pause. @default 15 min */
  readonly maxDelayMs?: number;
}

/** When the circuit breakers of a type open. What is not given follows the instance's configuration. */
export interface BreakerPolicy {
  /** Consecutive failures of one code in one scope. @default FAILURE_THRESHOLD */
  readonly failureThreshold?: number;
  /** Until the first probe. @default COOLDOWN_PERIOD */
  readonly cooldownMs?: number;
}

/** What is fixed about jobs of one kind, wherever they are accepted or run. */
export interface JobType<Payload = unknown> {
  /** `feature.verb`, as in `email.send`; stays the same for ever. */
  readonly name: string;
  /** What a payload must be, when the job is accepted and again when it runs. */
  readonly payload: z.ZodType<Payload>;
  readonly priority: JobPriority;
  /** Longest that one attempt may take. */
  readonly timeoutMs: number;
  readonly retry?: RetryPolicy;
  readonly breaker?: BreakerPolicy;
  /** What breakers tell apart: the id of an endpoint, of a provider, of a workspace. @default one scope for all */
  readonly scope?: (payload: Payload) => string;
  /** Most jobs of this type under way at the same time, all workers together. @default no limit */
  readonly concurrency?: number;
}

/** Declares a type of job; checks nothing but that its parts agree in types. */
export function defineJobType<Payload>(type: JobType<Payload>): JobType<Payload> {
  return type;
}
