import type { Database } from '@taskflow/db';
import { emailSend, type MailDelivery, type OutgoingMail } from '@taskflow/domain';
import { type AnyJobHandler, handleJob, JobFailure, type RunningJob } from '@taskflow/jobs';
import { classifyMailFailure } from './classify-failure.ts';
import type { MailSender } from './mail-sender.ts';

/** What `email.send` needs. */
export interface EmailSendDependencies {
  readonly database: Pick<Database, 'transaction'>;
  readonly delivery: MailDelivery;
  /** Undefined where there is no mail server. */
  readonly sender: MailSender | undefined;
}

/**
 * Sends one mail. It is on record as sent in the transaction that completes the job; should the process die between the
 * server's "250" and that, the mail goes out again with the same Message-ID, by which mailboxes know it for the same.
 */
export function createEmailSendHandler({ database, delivery, sender }: EmailSendDependencies): AnyJobHandler {
  async function send(mail: OutgoingMail, by: MailSender, job: RunningJob): Promise<void> {
    job.signal.throwIfAborted();
    try {
      await by.send(mail, job.signal);
    } catch (error) {
      job.signal.throwIfAborted();
      throw await failed(mail, error);
    }
  }

  async function failed(mail: OutgoingMail, error: unknown): Promise<JobFailure> {
    const { code, retryable, countsForBreaker, isFinal } = classifyMailFailure(error);
    const message = error instanceof Error ? error.message : String(error);
    await delivery.failed(mail.id, { code, message, isFinal });
    return new JobFailure(code, `the mail was not sent: ${code}`, { cause: error, retryable, countsForBreaker });
  }

  return handleJob(emailSend, async ({ mailId }, job) => {
    const mail = await delivery.find(mailId, job.id);
    if (mail === undefined) {
      return { skipped: true };
    }
    if (sender !== undefined) {
      await send(mail, sender, job);
    }
    await database.transaction(async (tx) => {
      await (sender === undefined ? delivery.suppressed(tx, mailId) : delivery.sent(tx, mailId));
      await job.completeIn(tx, { mailId, sent: sender !== undefined });
    });
    return undefined;
  });
}
