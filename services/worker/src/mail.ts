import type { Database } from '@taskflow/db';
import {
  createMailDelivery,
  createMailQueue,
  createPasswordRecovery,
  type MailQueue,
  newId,
  newSecret,
  type UnitOfWorkRunner,
} from '@taskflow/domain';
import type { AnyJobHandler } from '@taskflow/jobs';
import { createEmailSendHandler } from './email-send/handler.ts';
import { createMailSender } from './email-send/mail-sender.ts';
import { createPasswordForgotHandler } from './password-forgot/handler.ts';

/** The part of the worker that has to do with mail. */
export interface WorkerMail {
  readonly handlers: readonly AnyJobHandler[];
  /** Where handlers of other features queue mails. */
  readonly mails: MailQueue;
  /** Closes the connections to the mail server. To be called when no job runs any more. */
  close(): void;
}

/** Connects when the first mail is sent. */
export function createWorkerMail(options: {
  readonly database: Database;
  readonly units: UnitOfWorkRunner;
  /** Where people reach the instance: the origin of links. */
  readonly publicUrl: string;
  /** `undefined` where mails are kept and not sent. */
  readonly smtpUrl: string | undefined;
  /** An address, alone or as `Name <address>`. */
  readonly from: string;
}): WorkerMail {
  const { database, units, publicUrl, smtpUrl, from } = options;
  const sender =
    smtpUrl === undefined ? undefined : createMailSender({ smtpUrl, from, domain: new URL(publicUrl).hostname });
  const provider = smtpUrl === undefined ? undefined : new URL(smtpUrl).hostname;
  const mails = createMailQueue({ newId, newSecret, provider });
  const recovery = createPasswordRecovery({ mails, newId, newSecret, publicUrl, now: Date.now });
  return {
    mails,
    handlers: [
      createEmailSendHandler({ database, delivery: createMailDelivery({ executor: database, publicUrl }), sender }),
      createPasswordForgotHandler({ units, recovery }),
    ],
    close: () => sender?.close(),
  };
}
