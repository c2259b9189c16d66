export { maintenancePayload } from './maintenance.ts';
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
export {
  emailSendPayload,
  type EmailSendPayload,
  passwordForgotPayload,
  type PasswordForgotPayload,
  webhookDeliverPayload,
  type WebhookDeliverPayload,
} from './payloads.ts';
export { notificationFanoutPayload, type NotificationFanoutPayload } from './payloads.ts';
