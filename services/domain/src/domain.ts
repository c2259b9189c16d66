import type { Database } from '@taskflow/db';
import type { BlobStore } from '@taskflow/storage';
import type { BreakerControl } from '@taskflow/jobs';
import { type ActivityService, createActivityService } from './activity/service.ts';
import { createAccountService } from './accounts/account-service.ts';
import type { AccountService, AccountServiceOptions } from './accounts/account-types.ts';
import { createPasswords } from './accounts/passwords.ts';
import { createSessionService, type SessionService } from './accounts/session-service.ts';
import { createTokenService, type TokenService } from './accounts/token-service.ts';
import { type AccessResolver, createAccessResolver } from './access/resolver.ts';
import { type CommentService, createCommentService } from './comments/service.ts';
import { newId } from './core/ids.ts';
import { newSecret, newSlugSuffix } from './core/secrets.ts';
import type { Cause, Committed } from './activity/append.ts';
import { createUnitOfWorkRunner, type UnitOfWorkRunner } from './core/unit-of-work.ts';
import { createExchangeService, type ExchangeService } from './exchange/service.ts';
import { createFileService, type FileService } from './files/file-service.ts';
import { createInvitationService, type InvitationService } from './invitations/service.ts';
import { createLabelService, type LabelService } from './labels/service.ts';
import { createLinkService, type LinkService } from './links/service.ts';
import type { MailAllowance } from './mail/allowance.ts';
import { createMailQueue, type MailQueue } from './mail/mail-queue.ts';
import { createMailService, type MailService } from './mail/service.ts';
import { createMemberService, type MemberService } from './members/service.ts';
import { createOperations, type Operations } from './operations/service.ts';
import { createPreferenceService, type PreferenceService } from './notifications/preferences.ts';
import { createInboxService, type InboxService } from './notifications/service.ts';
import { createWatchService, type WatchService } from './notifications/watchers.ts';
import { createProjectMemberService, type ProjectMemberService } from './projects/member-service.ts';
import { createProjectService, type ProjectService } from './projects/service.ts';
import { createUploadService, type UploadService } from './imports/upload-service.ts';
import { createReportScheduleService, type ReportScheduleService } from './reports/schedules.ts';
import { createRecurrenceService, type RecurrenceService } from './recurrences/service.ts';
import { createSearchService, type SearchService } from './search/service.ts';
import { createStatusService, type StatusService } from './statuses/service.ts';
import { createTaskService, type TaskService } from './tasks/service.ts';
import { createWebhookMessageService, type WebhookMessageService } from './webhooks/message-service.ts';
import { createWebhookService, type WebhookService } from './webhooks/service.ts';
import { createWorkspaceService, type WorkspaceService } from './workspaces/service.ts';

/** Everything that the product can do, over one database. */
export interface Domain {
  readonly units: UnitOfWorkRunner;
  readonly access: AccessResolver;
  readonly accounts: AccountService;
  readonly sessions: SessionService;
  readonly tokens: TokenService;
  readonly workspaces: WorkspaceService;
  readonly members: MemberService;
  readonly invitations: InvitationService;
  readonly projects: ProjectService;
  readonly projectMembers: ProjectMemberService;
  readonly statuses: StatusService;
  readonly tasks: TaskService;
  readonly links: LinkService;
  readonly labels: LabelService;
  readonly comments: CommentService;
  readonly activity: ActivityService;
  readonly search: SearchService;
  readonly webhooks: WebhookService;
  readonly webhookMessages: WebhookMessageService;
  readonly recurrences: RecurrenceService;
  readonly inbox: InboxService;
  readonly preferences: PreferenceService;
  readonly watchers: WatchService;
  readonly mail: MailService;
  readonly mails: MailQueue;
  readonly operations: Operations;
  readonly exchange: ExchangeService;
  readonly files: FileService;
  readonly uploads: UploadService;
  readonly reportSchedules: ReportScheduleService;
  /** Ends what runs beside the requests: the thread that hashes passwords. */
  close(): Promise<void>;
}

/** Options of {@link createDomain}. */
export interface DomainOptions {
  readonly database: Database;
  /** Where files are kept. */
  readonly blobs: BlobStore;
  /** Wakes the live events; must not throw. */
  readonly onCommitted: (changes: readonly Committed[]) => void;
  /** Wakes the workers: jobs were accepted; must not throw. */
  readonly onAccepted: () => void;
  /** The circuit breakers that all workers share. */
  readonly breakers: BreakerControl;
  /** The request or job that is under way, for the jobs that it causes. */
  readonly cause: () => Cause;
  /** Who may register, who operates the instance, and how wrong passwords are counted. */
  readonly accounts: Pick<AccountServiceOptions, 'registration' | 'operatorEmails' | 'loginGuard'>;
  /** Host of the mail server; undefined when the instance has none. */
  readonly mailProvider: string | undefined;
  readonly mailAllowance: MailAllowance;
  /** Where people reach the instance: the origin of links in mails. */
  readonly publicUrl: string;
  /** A session that is not used for so long ends. */
  readonly sessionTtlDays: number;
  /** The address that an invitation's token is shared as. */
  readonly invitationLink: (token: string) => string;
  /** Told when it could not be written down that a session is in use; must not throw. */
  readonly onTouchFailed: (error: unknown) => void;
  /** Told whose session or token has just ended, so that their live streams end too; must not throw. */
  readonly onSignedOut: (userId: string) => void;
}

/** Wires the features together; nothing runs yet. */
export function createDomain(options: DomainOptions): Domain {
  const { database } = options;
  const units = createUnitOfWorkRunner(options);
  const { mailAllowance, publicUrl, mailProvider: provider } = options;
  const mails = createMailQueue({ newId, newSecret, provider });
  const shared = { executor: database, units, newId, newSecret, mails, mailAllowance, publicUrl };
  const { onTouchFailed, onSignedOut: onEnded, sessionTtlDays: ttlDays, invitationLink: linkTo } = options;
  const sessions = createSessionService({ ...shared, ttlDays, onTouchFailed, onEnded });
  const invitations = createInvitationService({ ...shared, linkTo });
  const passwords = createPasswords();
  return {
    units,
    access: createAccessResolver({ executor: database, onStale: sessions.touch }),
    accounts: createAccountService({ ...shared, ...options.accounts, sessions, invitations, passwords, now: Date.now }),
    sessions,
    tokens: createTokenService({ ...shared, now: Date.now, onEnded }),
    workspaces: createWorkspaceService({ ...shared, newSuffix: newSlugSuffix }),
    members: createMemberService(shared),
    invitations,
    projects: createProjectService(shared),
    projectMembers: createProjectMemberService(shared),
    statuses: createStatusService(shared),
    tasks: createTaskService(shared),
    links: createLinkService(shared),
    labels: createLabelService(shared),
    comments: createCommentService(shared),
    activity: createActivityService(shared),
    search: createSearchService(shared),
    webhooks: createWebhookService(shared),
    webhookMessages: createWebhookMessageService(shared),
    recurrences: createRecurrenceService(shared),
    inbox: createInboxService(shared),
    preferences: createPreferenceService(shared),
    watchers: createWatchService(shared),
    mail: createMailService({ ...shared, provider }),
    mails,
    exchange: createExchangeService({ ...options, executor: database, newId, now: Date.now }),
    uploads: createUploadService({ ...options, executor: database }),
    reportSchedules: createReportScheduleService({ ...shared, now: Date.now }),
    files: createFileService({ ...options, executor: database }),
    operations: createOperations({ ...options, executor: database, newId }),
    close: () => passwords.close(),
  };
}
