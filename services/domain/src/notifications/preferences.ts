import type { Body } from '@taskflow/contract/api';
import type { MailDelivery, Preferences } from '@taskflow/contract/notifications';
import { channelKinds } from '@taskflow/contract/notifications';
import { type Executor, one, sql } from '@taskflow/db';
import type { CallerAccess } from '../access/access.ts';
import type { Document } from '../core/document.ts';
import { assertVersion } from '../core/errors.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { setSubscription } from '../mail/subscriptions.ts';
import { channelsOf } from './channels.ts';

/** How a person wants to be told. Mails that they turned off by a link in one are off here too. */
export interface PreferenceService {
  get(access: CallerAccess): Promise<Document>;
  /** @throws DomainError `stale_version` */
  update(
    unit: UnitOfWork,
    access: CallerAccess,
    patch: Body<'PATCH /me/preferences'>,
    expectedVersion: number | undefined,
  ): Promise<Document>;
}

type PreferenceRow = {
  channels: Record<string, unknown>;
  mail_delivery: MailDelivery;
  quiet_from: string | null;
  quiet_until: string | null;
  time_zone: string | null;
  version: number;
  topics_off: string[];
};

/** @param options.newSecret makes the links that turn mails off */
export function createPreferenceService(options: {
  readonly executor: Executor;
  readonly newSecret: () => string;
}): PreferenceService {
  const { executor, newSecret } = options;

  /** Turning a mail on by hand takes the link's word back. */
  async function turnOn(unit: UnitOfWork, userId: string, patch: Body<'PATCH /me/preferences'>): Promise<void> {
    const kinds = channelKinds.filter((kind) => ['mail', 'both'].includes(patch.channels?.[kind] ?? 'off'));
    const wantsDigest = patch.mailDelivery === 'daily' || patch.mailDelivery === 'at_once';
    for (const topic of [...kinds, ...(wantsDigest ? ['digest'] : [])]) {
      await setSubscription(unit, { userId, topic, isOn: true, token: newSecret() });
    }
  }

  return {
    get: async ({ caller }) => documentOf(caller.userId, await readPreferences(executor, caller.userId)),

    async update(unit, { caller }, patch, expectedVersion) {
      const { userId } = caller;
      const current = await lockPreferences(unit, userId);
      assertVersion(current.version, expectedVersion);
      const quiet = patch.quietHours;
      const next = {
        channels: { ...current.channels, ...patch.channels },
        mail_delivery: patch.mailDelivery ?? current.mail_delivery,
        quiet_from: quiet === undefined ? current.quiet_from : (quiet?.from ?? null),
        quiet_until: quiet === undefined ? current.quiet_until : (quiet?.until ?? null),
        time_zone: patch.timeZone ?? current.time_zone,
      };
      await unit.query(sql`
        update notification_preferences set channels = ${JSON.stringify(next.channels)}::jsonb,
          mail_delivery = ${next.mail_delivery}, quiet_from = ${next.quiet_from}, quiet_until = ${next.quiet_until},
          time_zone = ${next.time_zone}, version = version + 1, updated_at = now()
        where user_id = ${userId}`);
      await turnOn(unit, userId, patch);
      return documentOf(userId, await readPreferences(unit, userId));
    },
  };
}

function documentOf(userId: string, row: PreferenceRow): Document {
  const { quiet_from: from, quiet_until: until, topics_off: off } = row;
  const preferences: Preferences = {
    channels: channelsOf(row.channels, off),
    mailDelivery: row.mail_delivery === 'daily' && off.includes('digest') ? 'off' : row.mail_delivery,
    quietHours: from === null || until === null ? null : { from, until },
    timeZone: row.time_zone,
    version: row.version,
  };
  // a link in a mail turns topics off without a version
  return { id: userId, json: JSON.stringify(preferences), etag: `${row.version}-${off.toSorted().join('.')}` };
}

/** Whoever never chose anything has version 1 of what the release says. */
const readPreferences = (executor: Executor, userId: string): Promise<PreferenceRow> =>
  one<PreferenceRow>(
    executor,
    sql`
      select coalesce(np.channels, '{}') as channels, coalesce(np.mail_delivery, 'at_once') as mail_delivery,
        np.quiet_from, np.quiet_until, np.time_zone, coalesce(np.version, 1) as version,
        array(
          select s.topic from mail_subscriptions s where s.user_id = u.id and s.unsubscribed_at is not null
        ) as topics_off
      from users u left join notification_preferences np on np.user_id = u.id
      where u.id = ${userId}`,
    { name: 'preferences-read' },
  );

/** Keeps others from changing them until the transaction ends. */
async function lockPreferences(unit: UnitOfWork, userId: string): Promise<PreferenceRow> {
  await unit.query(sql`insert into notification_preferences (user_id) values (${userId}) on conflict do nothing`);
  await unit.query(sql`select from notification_preferences where user_id = ${userId} for update`);
  return readPreferences(unit, userId);
}
