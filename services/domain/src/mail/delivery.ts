import type { Executor } from '@taskflow/db';
import { secretLinkMark, unsubscribeLinkMark } from './mail-draft.ts';
import { findQueuedMail, markFailed, markSent, markSuppressed } from './repository.ts';

/** A mail as it goes to the mail server, its links put in. */
export interface OutgoingMail {
  readonly id: string;
  readonly to: { readonly address: string; readonly name: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The left half of Message-ID: the same on every attempt. */
  readonly messageKey: string;
  /** Takes a POST by RFC 8058; undefined for mails that cannot be turned off. */
  readonly unsubscribeUrl: string | undefined;
}

/** What is written down of an attempt that failed. */
export interface MailFailure {
  readonly code: string;
  /** What the mail server said; it is shortened. */
  readonly message: string;
  /** No further attempt would help this mail. */
  readonly isFinal: boolean;
}

/** The other end of the queue of mails: what is to be sent, and what became of it. */
export interface MailDelivery {
  /** The mail of a job; undefined when it is sent already, when a later job sends it, or when nobody wants it any more. */
  find(mailId: string, jobId: string): Promise<OutgoingMail | undefined>;
  /** The mail server has it. From now on nothing that lets somebody in is kept. */
  sent(tx: Executor, mailId: string): Promise<void>;
  failed(mailId: string, failure: MailFailure): Promise<void>;
  /** There is no mail server to send it. */
  suppressed(tx: Executor, mailId: string): Promise<void>;
}

const maxMessageLength = 300;

/** @param options.publicUrl where people reach the instance: the origin of links */
export function createMailDelivery(options: { readonly executor: Executor; readonly publicUrl: string }): MailDelivery {
  const { executor, publicUrl } = options;
  return {
    async find(mailId, jobId) {
      const mail = await findQueuedMail(executor, mailId, jobId);
      if (mail === undefined) {
        return undefined;
      }
      const { unsubscribeToken: token } = mail;
      const withLinks = (text: string) =>
        text
          .replaceAll(secretLinkMark, mail.secretLink ?? publicUrl)
          .replaceAll(unsubscribeLinkMark, token === null ? publicUrl : `${publicUrl}/unsubscribe/${token}`);
      return {
        id: mail.id,
        to: { address: mail.toAddress, name: mail.toName ?? '' },
        subject: mail.subject,
        text: withLinks(mail.text),
        html: withLinks(mail.html),
        messageKey: mail.messageKey,
        unsubscribeUrl: token === null ? undefined : `${publicUrl}/api/v1/mail/unsubscribe/${token}`,
      };
    },
    sent: markSent,
    failed: (mailId, failure) => markFailed(executor, mailId, { ...failure, message: shorten(failure.message) }),
    suppressed: (tx, mailId) => markSuppressed(tx, mailId, 'no_smtp'),
  };
}

const shorten = (message: string): string =>
  message
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, maxMessageLength);
