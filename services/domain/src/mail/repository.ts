import type { MailKind, MailState, SuppressedReason } from '@taskflow/contract/mail';
import { type Executor, maybeOne, sql } from '@taskflow/db';
import type { IdPage } from '../core/id-page.ts';
import { mailJson, mailSummaryJson } from './json.ts';

/** A mail to be. */
export interface NewMail {
  readonly id: string;
  readonly kind: MailKind;
  readonly topic: string | null;
  readonly toAddress: string;
  readonly toName: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly secretLink: string | null;
  readonly holdsSecret: boolean;
  readonly state: Extract<MailState, 'queued' | 'suppressed'>;
  readonly reason: SuppressedReason | null;
  readonly jobId: string | null;
  readonly userId: string | null;
  readonly workspaceId: string | null;
}

/** Inserts a mail. */
export async function insertMail(tx: Executor, mail: NewMail): Promise<void> {
  await tx.query(
    sql`
      insert into mails (
        id, kind, topic, to_address, to_name, subject, text, html, secret_link, holds_secret, state, reason, message_key,
        job_id, user_id, workspace_id
      ) values (
        ${mail.id}, ${mail.kind}, ${mail.topic}, ${mail.toAddress}, ${mail.toName}, ${mail.subject}, ${mail.text},
        ${mail.html}, ${mail.secretLink}, ${mail.holdsSecret}, ${mail.state}, ${mail.reason}, ${mail.id}, ${mail.jobId},
        ${mail.userId}, ${mail.workspaceId}
      )`,
    { name: 'mail-insert' },
  );
}

/** Mails, newest first. */
export const listMails = (
  executor: Executor,
  state: MailState | undefined,
  { after, rowLimit }: IdPage,
): Promise<{ readonly id: string; readonly json: string }[]> =>
  executor.query(sql`
    select m.id, (${mailSummaryJson})::text as json from mails m
    where ${state === undefined ? sql`true` : sql`m.state = ${state}::mail_state`}
      and (${after}::uuid is null or m.id < ${after}::uuid)
    order by m.id desc limit ${rowLimit}`);

/** One mail with its content. */
export const readMail = (executor: Executor, id: string): Promise<{ readonly json: string } | undefined> =>
  maybeOne(executor, sql`select (${mailJson})::text as json from mails m where m.id = ${id}`);

/** What decides whether a mail can be sent again; locks it until the end of the transaction. */
export interface ResendFacts {
  readonly kind: MailKind;
  readonly state: MailState;
  /** Its link that let somebody in is gone. */
  readonly isSpent: boolean;
  /** The job that sends it is under way or waits for its turn. */
  readonly isOnItsWay: boolean;
  readonly workspaceId: string | null;
}

/** See {@link ResendFacts}. */
export async function lockForResend(tx: Executor, id: string): Promise<ResendFacts | undefined> {
  // alone: a statement that waits for a lock sees other tables, here the jobs, as they were before it waited
  await tx.query(sql`select id from mails where id = ${id} for update`);
  return maybeOne<ResendFacts & Record<string, unknown>>(
    tx,
    sql`
      select m.kind, m.state, m.holds_secret and m.secret_link is null as "isSpent", m.workspace_id as "workspaceId",
        m.state = 'queued' and exists (
          select from jobs j
          where j.id = m.job_id and j.state in ('scheduled', 'pending', 'queued', 'running', 'retrying')
        ) as "isOnItsWay"
      from mails m where m.id = ${id}`,
  );
}

/** Puts a mail back into the queue. @param messageKey the old one, or a new one for a mail that may have arrived */
export async function requeueMail(tx: Executor, id: string, jobId: string, messageKey: string | null): Promise<void> {
  await tx.query(sql`
    update mails set state = 'queued', reason = null, error_code = null, error_message = null, sent_at = null,
      job_id = ${jobId}, message_key = coalesce(${messageKey}::text, message_key)
    where id = ${id}`);
}

/** A mail that is to be sent by this very job. */
export interface StoredMail {
  readonly id: string;
  readonly toAddress: string;
  readonly toName: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly secretLink: string | null;
  readonly messageKey: string;
  readonly unsubscribeToken: string | null;
}

/**
 * The mail of a job, as long as it is to be sent, no later job has taken it over, and whom it is for still has the
 * account and wants such mails.
 */
export const findQueuedMail = (executor: Executor, id: string, jobId: string): Promise<StoredMail | undefined> =>
  maybeOne<{
    id: string;
    toAddress: string;
    toName: string | null;
    subject: string;
    text: string;
    html: string;
    secretLink: string | null;
    messageKey: string;
    unsubscribeToken: string | null;
  }>(
    executor,
    sql`
      select m.id, m.to_address as "toAddress", m.to_name as "toName", m.subject, m.text, m.html,
        m.secret_link as "secretLink", m.message_key as "messageKey", s.unsubscribe_token as "unsubscribeToken"
      from mails m
      left join mail_subscriptions s on s.user_id = m.user_id and s.topic = m.topic
      left join users u on u.id = m.user_id
      where m.id = ${id} and m.job_id = ${jobId} and m.state in ('queued', 'failed')
        and s.unsubscribed_at is null and u.anonymised_at is null
        and (m.secret_link is not null or not m.holds_secret)`,
    { name: 'mail-find' },
  );

/** The mail server has the mail now; what is in it opens nothing any more. */
export async function markSent(tx: Executor, id: string): Promise<void> {
  await tx.query(
    sql`
      update mails set state = 'sent', attempts = attempts + 1, sent_at = now(), secret_link = null, error_code = null,
        error_message = null
      where id = ${id}`,
    { name: 'mail-sent' },
  );
}

/** The mail will not be sent, for a reason of our own. */
export async function markSuppressed(tx: Executor, id: string, reason: SuppressedReason): Promise<void> {
  await tx.query(sql`update mails set state = 'suppressed', reason = ${reason}, secret_link = null where id = ${id}`);
}

/** An attempt failed. @param failure.isFinal no further attempt would help this mail */
export async function markFailed(
  executor: Executor,
  id: string,
  failure: { readonly code: string; readonly message: string; readonly isFinal: boolean },
): Promise<void> {
  const { code, message, isFinal } = failure;
  await executor.query(sql`
    update mails set attempts = attempts + 1, error_code = ${code}, error_message = ${message},
      state = case when ${isFinal}::boolean then 'failed' else state end,
      secret_link = case when ${isFinal}::boolean then null else secret_link end
    where id = ${id} and state in ('queued', 'failed')`);
}
