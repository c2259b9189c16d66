import type { MailDelivery } from '@taskflow/contract/notifications';
import { type Executor, sql } from '@taskflow/db';
import { oldestIdAt } from '../core/ids.ts';
import { type Channels, channelsOf } from './channels.ts';
import type { QuietTime } from './local-time.ts';

/** Somebody to be told, and how they want to be told. */
export interface Recipient {
  readonly userId: string;
  readonly name: string;
  /** Undefined for whoever gets no mail: their address is not verified, or they want none. */
  readonly mailTo: string | undefined;
  readonly mailDelivery: MailDelivery;
  readonly channels: Channels;
  readonly quiet: QuietTime | undefined;
  readonly timeZone: string;
  /** Mails about single things that they were sent in the last hour. */
  readonly mailsLately: number;
}

type RecipientRow = {
  id: string;
  name: string;
  email: string | null;
  channels: unknown;
  mail_delivery: MailDelivery;
  quiet_from: string | null;
  quiet_until: string | null;
  time_zone: string;
  topics_off: string[];
  mails_lately: number;
};

const hourMs = 3_600_000;

/** Those of these people who still have an account, by id. */
export async function readRecipients(
  executor: Executor,
  userIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, Recipient>> {
  const rows = await executor.query<RecipientRow>(
    sql`
      select u.id, u.name, case when u.email_verified_at is not null then u.email end as email,
        coalesce(np.channels, '{}') as channels, coalesce(np.mail_delivery, 'at_once') as mail_delivery,
        np.quiet_from, np.quiet_until, coalesce(np.time_zone, 'UTC') as time_zone,
        array(
          select s.topic from mail_subscriptions s where s.user_id = u.id and s.unsubscribed_at is not null
        ) as topics_off,
        (
          select count(*)::int from mails m
          where m.user_id = u.id and m.kind = 'notification' and m.id > ${oldestIdAt(now.getTime() - hourMs)}::uuid
        ) as mails_lately
      from users u left join notification_preferences np on np.user_id = u.id
      where u.id = any(${[...userIds]}::uuid[]) and u.anonymised_at is null`,
    { name: 'notification-recipients' },
  );
  return new Map(rows.map((row) => [row.id, toRecipient(row)]));
}

function toRecipient(row: RecipientRow): Recipient {
  const { quiet_from: from, quiet_until: until } = row;
  return {
    userId: row.id,
    name: row.name,
    mailTo: row.mail_delivery === 'off' ? undefined : (row.email ?? undefined),
    mailDelivery: row.mail_delivery,
    channels: channelsOf(row.channels, row.topics_off),
    quiet: from === null || until === null ? undefined : { from, until },
    timeZone: row.time_zone,
    mailsLately: row.mails_lately,
  };
}
