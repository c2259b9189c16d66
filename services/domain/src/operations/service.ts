import type { Executor } from '@taskflow/db';
import type { BreakerControl } from '@taskflow/jobs';
import type { Cause } from '../activity/append.ts';
import { type BreakerService, createBreakerService } from './breaker-service.ts';
import { createJobControlService, type JobControlService } from './job-service.ts';
import { createQueueService, type QueueService } from './queue-service.ts';
import { createScheduleControlService, type ScheduleControlService } from './schedule-service.ts';

/** How operators see and steer what goes on in the background. */
export interface Operations {
  readonly jobs: JobControlService;
  readonly queues: QueueService;
  readonly breakers: BreakerService;
  readonly schedules: ScheduleControlService;
}

/** Options of {@link createOperations}. */
export interface OperationsOptions {
  readonly executor: Executor;
  readonly newId: () => string;
  readonly cause: () => Cause;
  /** Wakes the workers: jobs were accepted; must not throw. */
  readonly onAccepted: () => void;
  /** The breakers that all workers share. */
  readonly breakers: BreakerControl;
}

/** Puts the control plane together. */
export function createOperations(options: OperationsOptions): Operations {
  const { executor } = options;
  const breakers = createBreakerService({ executor, control: options.breakers });
  return {
    breakers,
    jobs: createJobControlService({ executor, outlookOf: (key) => breakers.outlookOf(key) }),
    queues: createQueueService({ executor }),
    schedules: createScheduleControlService(options),
  };
}
