export { createJobEngine, engineDatabaseParameters, type JobEngine, type JobEngineOptions } from './engine/engine.ts';
export type { AttemptEnd, EngineEvent, OnEngineEvent } from './engine/engine-events.ts';
export type { RunInContext } from './engine/attempt-runner.ts';
export type { ReconcileStep } from './engine/reconciler.ts';
export type { EngineSettings } from './engine/settings.ts';
export { createDirectTransport } from './transport/direct-transport.ts';
export { classify, type Failure } from './retry/classify.ts';
export { acceptJobs, insertJob, insertJobs, type JobOptions, type NewJob, newJob } from './accept.ts';
export {
  cancelJobs,
  type CancelOutcome,
  type ControlOutcome,
  discardJobs,
  inBatches,
  releaseJobs,
  retryJobs,
} from './control/job-control.ts';
export { discardExpired } from './control/discard-expired.ts';
export { type JobFilter, whereJobs } from './control/job-filter.ts';
export { type BreakerOutlook, type JobWhy, type WhyCause, whyJob } from './control/why.ts';
export { JobFailure, type JobFailureOptions } from './job-failure.ts';
export {
  type AnyJobHandler,
  handleJob,
  type HandleJob,
  type JobHandler,
  type JobResult,
  type RunningJob,
  SupersededError,
} from './job-handler.ts';
export { createJobNotifier, type JobNotifier, jobsChannel, cancelChannel } from './job-notifier.ts';
export { type BreakerPolicy, defineJobType, type JobType, type RetryPolicy } from './job-type.ts';
export { PayloadInvalidError } from './payload-invalid-error.ts';
export {
  type BreakerControl,
  type BreakerEventView,
  type BreakerView,
  createBreakerControl,
} from './breakers/breaker-control.ts';
export { type BreakerReconcilerOptions, createBreakerReconciler } from './breakers/breaker-reconciler.ts';
export { type BreakerStore, type BreakerStoreOptions, createBreakerStore } from './breakers/breaker-store.ts';
export {
  breakerKey,
  type Breakers,
  type BreakerScope,
  type BreakerSettings,
  type EndedAttempt,
  type Gate,
  parseBreakerKey,
  scopeKey,
} from './breakers/breakers.ts';
export { createBreakers, type CreateBreakersOptions, type SharedBreakers } from './breakers/shared-breakers.ts';
export { createTransitionLog, type TransitionLog } from './breakers/transition-log.ts';
export type { Consume, Delivery, JobTransport } from './transport/transport.ts';
export { type BuiltInSchedule, defineSchedule, ensureSchedules } from './schedules/built-in-schedules.ts';
export { type AskedRun, pauseSchedule, resumeSchedule, runScheduleNow } from './schedules/schedule-control.ts';
export { listSchedules, type ScheduleFilter, type ScheduleView } from './schedules/schedule-list.ts';
export { createScheduleStep, type ScheduleStepOptions } from './schedules/schedule-step.ts';
export { nextRun, type Timing, type TimingProblem, timingProblem } from './schedules/timing.ts';
export { discardScope, probeScope } from './scopes.ts';
export {
  type BeeQueueTransport,
  type BeeQueueTransportOptions,
  createBeeQueueTransport,
} from './transport/bee-queue-transport.ts';
export { assertDurableRedis, UnsuitableRedisError } from './transport/redis-durability.ts';
