export type {
  Caller,
  CallerAccess,
  CommentAccess,
  Credential,
  DeliveryAccess,
  ProjectAccess,
  TaskAccess,
  WebhookAccess,
  WorkspaceAccess,
} from './access/access.ts';
export type { AccountService, SignedIn } from './accounts/account-types.ts';
export type { LoginGuard } from './accounts/login-guard.ts';
export type { SessionService } from './accounts/session-service.ts';
export type { TokenService } from './accounts/token-service.ts';
export type { ActivityEntry, Committed } from './activity/append.ts';
export { notificationFanout } from './activity/fanout.ts';
export { can } from './access/can.ts';
export { assertOperator } from './access/operator.ts';
export { type Reading, readAs } from './access/reading.ts';
export { type AccessResolver, createAccessResolver } from './access/resolver.ts';
export type { Document, DocumentPage } from './core/document.ts';
export { DomainError } from './core/errors.ts';
export { newId } from './core/ids.ts';
export { hashSecret, newSecret } from './core/secrets.ts';
export { createUnitOfWorkRunner, type UnitOfWork, type UnitOfWorkRunner } from './core/unit-of-work.ts';
export {
  findAnswer,
  type IdempotentWrite,
  isAnsweredAlready,
  type KeptAnswer,
  keepAnswer,
} from './idempotency/idempotency.ts';
export {
  type Audience,
  type LiveSubject,
  mayHideProject,
  mayReadEvent,
  type Viewer,
  viewerSeesProject,
} from './live/audience.ts';
export type { LiveEntry, LiveRange, LiveSource, LostRight, Watcher } from './live/live-source.ts';
export { createLiveSource } from './live/repository.ts';
export { liveTopic, wakeUpMessage } from './live/wake-up.ts';
export type { InvitationService } from './invitations/service.ts';
export { createLinkService, type LinkService } from './links/service.ts';
export { createTaskService, type TaskService } from './tasks/service.ts';
export {
  purgeIdempotencyKeysJob,
  purgeInvitationsJob,
  purgeJobsJob,
  purgeBlobsJob,
  purgeMailsJob,
  purgeNotificationsJob,
  purgeSessionsJob,
  purgeWebhookDeliveriesJob,
} from './maintenance/job-types.ts';
export { maintenanceSchedules } from './maintenance/schedules.ts';
export {
  createMaintenanceService,
  type MaintenanceService,
  type MaintenanceServiceOptions,
} from './maintenance/service.ts';
export type { MailAllowance, MailReason } from './mail/allowance.ts';
export { createMailDelivery, type MailDelivery, type MailFailure, type OutgoingMail } from './mail/delivery.ts';
export { emailSend, passwordForgot } from './mail/job-types.ts';
export type { MailDraft } from './mail/mail-draft.ts';
export { createMailQueue, type MailAddressing, type MailQueue } from './mail/mail-queue.ts';
export type { MailService } from './mail/service.ts';
export {
  createNotificationDigest,
  type NotificationDigest,
} from './notifications/digest.ts';
export { createNotificationFanOut, type NotificationFanOut } from './notifications/fan-out.ts';
export { notificationDigest, reminderDue } from './notifications/job-types.ts';
export { createReminders, type Reminders } from './notifications/reminders.ts';
export { notificationSchedules } from './notifications/schedules.ts';
export { type Continuation, createContinuation } from './recurrences/continuation.ts';
export { taskRecur } from './recurrences/job-types.ts';
export { recurrenceSchedules } from './recurrences/schedules.ts';
export { createNotificationSender } from './notifications/sender.ts';
export { createPasswordRecovery, type PasswordRecovery } from './accounts/recovery.ts';
export type { MemberService } from './members/service.ts';
export {
  createWebhookDeliveries,
  type DeliveryAttempt,
  type DeliveryRequest,
  type WebhookDeliveries,
} from './webhooks/delivery-service.ts';
export { webhookDeliver } from './webhooks/job-types.ts';
export { callerOfJob } from './access/person-access.ts';
export type { ExchangeService } from './exchange/service.ts';
export { projectExport } from './exports/job-types.ts';
export { createExportService, exportKeptDays, type ExportRun, type ExportService } from './exports/service.ts';
export { projectImport } from './imports/job-types.ts';
export {
  createImportService,
  type ImportRun,
  type ImportService,
  type ImportServiceOptions,
} from './imports/service.ts';
export type { UploadService } from './imports/upload-service.ts';
export { reportGenerate } from './reports/job-types.ts';
export { createReportService, type ReportService, type WrittenReport } from './reports/service.ts';
export type { ReportScheduleService } from './reports/schedules.ts';
export { type FileService, keepFiles, type OpenFile } from './files/file-service.ts';
export { jobTypes } from './operations/job-catalogue.ts';
export type { Operations } from './operations/service.ts';
export type { WebhookService } from './webhooks/service.ts';
export type { WorkspaceService } from './workspaces/service.ts';
export { createDomain, type Domain, type DomainOptions } from './domain.ts';
