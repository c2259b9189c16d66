import type { MailKind, SuppressedReason } from '@taskflow/contract/mail';
import type { JobOptions, JobType } from '@taskflow/jobs';
import type { EmailSendPayload } from '@taskflow/contract/jobs';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { emailSend, urgentEmailSend } from './job-types.ts';
import type { MailDraft } from './mail-draft.ts';
import { insertMail } from './repository.ts';
import { addSubscription, isTurnedOff } from './subscriptions.ts';

/** Whom a mail is for, and what it belongs to. */
export interface MailAddressing {
  readonly address: string;
  /** The recipient's own. @default none */
  readonly name?: string;
  /** The recipient's account. Needed for mails of a topic: without an account nobody could turn it off. */
  readonly userId?: string;
  readonly workspaceId?: string;
  /** The task whose change caused it. */
  readonly taskId?: string;
  /** Who caused it. */
  readonly requestedBy?: string;
  /** Not before. @default at once */
  readonly runAt?: Date;
  /** A mail that has not been sent until then is of no use. */
  readonly expiresAt?: Date;
}

/** Where mails begin: as rows, in the transaction of what they tell about. */
export interface MailQueue {
  /** Whether the instance has a mail server. Mails are queued either way, for operators to see. */
  readonly sendsMail: boolean;
  /**
   * Queues a mail: the row and the job that sends it exist when the unit commits and not otherwise.
   *
   * @returns the mail's id; undefined when the person has turned mails of this topic off
   * @throws RangeError for a mail of a topic without an account
   */
  queue(unit: UnitOfWork, draft: MailDraft, to: MailAddressing): Promise<string | undefined>;
}

/** Mails that somebody waits for in front of a screen. */
const urgentKinds: readonly MailKind[] = ['email_verification', 'password_reset'];

/** The type of the job that sends a mail of this kind. */
export const jobTypeFor = (kind: MailKind): JobType<EmailSendPayload> =>
  urgentKinds.includes(kind) ? urgentEmailSend : emailSend;

/** Names that belong to nobody for ever (RFC 2606): people of a demo live there. */
const reservedAddress = /\.(?:example|test|invalid|localhost)$/i;

const maxSubjectLength = 200;

/** @param options.provider host of the mail server; undefined when the instance has none */
export function createMailQueue(options: {
  readonly newId: () => string;
  readonly newSecret: () => string;
  readonly provider: string | undefined;
}): MailQueue {
  const { newId, newSecret, provider } = options;

  function reasonToSuppress(address: string): SuppressedReason | null {
    if (provider === undefined) {
      return 'no_smtp';
    }
    return reservedAddress.test(address) ? 'reserved_address' : null;
  }

  /** Whether the person wants it; makes the link by which they can change their mind. */
  async function isWanted(unit: UnitOfWork, topic: string, userId: string): Promise<boolean> {
    const isOff = await isTurnedOff(unit, userId, topic);
    if (isOff === undefined) {
      await addSubscription(unit, userId, topic, newSecret());
    }
    return isOff !== true;
  }

  return {
    sendsMail: provider !== undefined,
    async queue(unit, draft, to) {
      const { topic } = draft;
      if (topic !== undefined) {
        if (to.userId === undefined) {
          throw new RangeError(`a mail of the topic ${topic} needs an account`);
        }
        if (!(await isWanted(unit, topic, to.userId))) {
          return undefined;
        }
      }
      const id = newId();
      const reason = reasonToSuppress(to.address);
      const jobId =
        provider === undefined || reason !== null
          ? null
          : unit.enqueue(jobTypeFor(draft.kind), { mailId: id, provider }, jobOptionsFor(to));
      await insertMail(unit, {
        id,
        kind: draft.kind,
        topic: topic ?? null,
        toAddress: to.address,
        toName: to.name ?? null,
        subject: asSubject(draft.subject),
        text: draft.text,
        html: draft.html,
        // in a mail that is not sent nobody will ever follow it
        secretLink: jobId === null ? null : (draft.secretLink ?? null),
        holdsSecret: draft.secretLink !== undefined,
        state: jobId === null ? 'suppressed' : 'queued',
        reason,
        jobId,
        userId: to.userId ?? null,
        workspaceId: to.workspaceId ?? null,
      });
      return id;
    },
  };
}

function jobOptionsFor({ workspaceId, taskId, requestedBy, runAt, expiresAt }: MailAddressing): JobOptions {
  return {
    ...(workspaceId === undefined ? {} : { workspaceId }),
    ...(taskId === undefined ? {} : { taskId }),
    ...(requestedBy === undefined ? {} : { requestedBy }),
    ...(runAt === undefined ? {} : { runAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** One line of bounded length, whatever people called their tasks. */
function asSubject(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= maxSubjectLength ? line : `${line.slice(0, maxSubjectLength - 1).trimEnd()}…`;
}
