export {
  breakerModes,
  breakerStates,
  type BreakerMode,
  type BreakerState,
  finalJobStates,
  type JobPriority,
  jobPriorities,
  type JobState,
  jobStates,
  type QuarantineReason,
  quarantineReasons,
} from './states.ts';
export { notificationFanoutPayload, type NotificationFanoutPayload } from './payloads.ts';
