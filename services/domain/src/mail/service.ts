import type { MailState } from '@taskflow/contract/mail';
import type { Executor } from '@taskflow/db';
import type { CallerAccess } from '../access/access.ts';
import { assertOperator } from '../access/operator.ts';
import type { DocumentPage } from '../core/document.ts';
import { DomainError, notFound } from '../core/errors.ts';
import { idPage, type PageQuery } from '../core/id-page.ts';
import { isId } from '../core/ids.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { jobTypeFor } from './mail-queue.ts';
import { listMails, lockForResend, readMail, requeueMail } from './repository.ts';
import { setSubscription, topicsTurnedOff, turnOffByToken } from './subscriptions.ts';

/** Mails of the instance, and what people want to get of them. */
export interface MailService {
  /** Newest first. @throws DomainError `forbidden` for whoever does not operate the instance */
  list(access: CallerAccess, query: PageQuery & { readonly state?: MailState | undefined }): Promise<DocumentPage>;
  /** @throws DomainError `forbidden`, `not_found` */
  get(access: CallerAccess, id: string): Promise<{ readonly json: string }>;
  /**
   * Sends a mail once more. One that was sent before goes out as a new mail, all others as the one that they are.
   *
   * @throws DomainError `forbidden`, `not_found`; `conflict` when it is on its way, when what its link opened is
   * over, and where there is no mail server
   */
  resend(unit: UnitOfWork, access: CallerAccess, id: string): Promise<{ readonly json: string }>;
  /**
   * Turns off what the link in a mail is for; following it again is harmless.
   *
   * @returns the topic
   * @throws DomainError `not_found` for a link that there is not
   */
  unsubscribe(unit: UnitOfWork, token: string): Promise<string>;
  /** Topics of which somebody gets no mail. */
  topicsTurnedOff(userId: string): Promise<readonly string[]>;
  /** Lets somebody get mails of a topic, or not. */
  subscribe(unit: UnitOfWork, userId: string, topic: string, isOn: boolean): Promise<void>;
}

/** @param options.provider host of the mail server; undefined when the instance has none */
export function createMailService(options: {
  readonly executor: Executor;
  readonly newId: () => string;
  readonly newSecret: () => string;
  readonly provider: string | undefined;
}): MailService {
  const { executor, newId, newSecret, provider } = options;

  async function read(from: Executor, id: string): Promise<{ readonly json: string }> {
    const mail = isId(id) ? await readMail(from, id) : undefined;
    if (mail === undefined) {
      throw notFound();
    }
    return mail;
  }

  return {
    async list(access, query) {
      assertOperator(access);
      const page = idPage(query, ['mails', query.state ?? '']);
      return page.toPage(await listMails(executor, query.state, page));
    },

    async get(access, id) {
      assertOperator(access);
      return read(executor, id);
    },

    async resend(unit, access, id) {
      assertOperator(access);
      const mail = isId(id) ? await lockForResend(unit, id) : undefined;
      if (mail === undefined) {
        throw notFound();
      }
      if (provider === undefined) {
        throw new DomainError('conflict', 'The instance has no mail server');
      }
      if (mail.isSpent) {
        throw new DomainError('conflict', 'The link in this mail is not kept; whoever needs it asks for a new one');
      }
      if (mail.isOnItsWay) {
        throw new DomainError('conflict', 'The mail is on its way already');
      }
      const jobId = unit.enqueue(
        jobTypeFor(mail.kind),
        { mailId: id, provider },
        { requestedBy: access.caller.userId, ...(mail.workspaceId === null ? {} : { workspaceId: mail.workspaceId }) },
      );
      await requeueMail(unit, id, jobId, mail.state === 'sent' ? newId() : null);
      return read(unit, id);
    },

    async unsubscribe(unit, token) {
      const topic = tokenPattern.test(token) ? await turnOffByToken(unit, token) : undefined;
      if (topic === undefined) {
        throw notFound();
      }
      return topic;
    },

    topicsTurnedOff: (userId) => topicsTurnedOff(executor, userId),
    subscribe: (unit, userId, topic, isOn) => setSubscription(unit, { userId, topic, isOn, token: newSecret() }),
  };
}

/** What `newSecret` makes; anything else names nothing, and must not reach PostgreSQL. */
const tokenPattern = /^[\w-]{43}$/;
