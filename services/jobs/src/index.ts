export { acceptJobs, insertJob, insertJobs, type JobOptions, type NewJob, newJob } from './accept.ts';
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
export { createJobNotifier, type JobNotifier, jobsChannel } from './job-notifier.ts';
export { type BreakerPolicy, defineJobType, type JobType, type RetryPolicy } from './job-type.ts';
export { PayloadInvalidError } from './payload-invalid-error.ts';
export type { Breakers, BreakerScope, BreakerSettings, EndedAttempt, Gate } from './breakers/breakers.ts';
export type { Consume, Delivery, JobTransport } from './transport/transport.ts';
export { type BuiltInSchedule, defineSchedule, ensureSchedules } from './schedules/built-in-schedules.ts';
export { type AskedRun, pauseSchedule, resumeSchedule, runScheduleNow } from './schedules/schedule-control.ts';
export { listSchedules, type ScheduleFilter, type ScheduleView } from './schedules/schedule-list.ts';
export { createScheduleStep, type ScheduleStepOptions } from './schedules/schedule-step.ts';
export { nextRun, type Timing, type TimingProblem, timingProblem } from './schedules/timing.ts';
