import type { ChannelKind, NotificationChannel, NotificationKind } from '@taskflow/contract/notifications';
import { channelKinds, notificationChannels } from '@taskflow/contract/notifications';
import { z } from 'zod';

/** Where a person is told of each kind. */
export type Channels = Readonly<Record<ChannelKind, NotificationChannel>>;

const defaults: Channels = {
  assigned: 'both',
  mentioned: 'both',
  commented: 'in_app',
  status_changed: 'in_app',
  due_soon: 'in_app',
  overdue: 'both',
};

const stored = z.partialRecord(z.enum(channelKinds), z.enum(notificationChannels));

/**
 * What somebody chose, over what the release says, less the mails that they turned off by a link in one.
 *
 * @param chosen as it was stored; what this release does not know is ignored
 */
export function channelsOf(chosen: unknown, topicsOff: readonly string[]): Channels {
  const parsed = stored.safeParse(chosen);
  const all = { ...defaults, ...(parsed.success ? parsed.data : {}) };
  const of = (kind: ChannelKind) => (topicsOff.includes(kind) ? withoutMail(all[kind]) : all[kind]);
  return {
    assigned: of('assigned'),
    mentioned: of('mentioned'),
    commented: of('commented'),
    status_changed: of('status_changed'),
    due_soon: of('due_soon'),
    overdue: of('overdue'),
  };
}

function withoutMail(channel: NotificationChannel): NotificationChannel {
  return channel === 'both' || channel === 'in_app' ? 'in_app' : 'off';
}

/** Whether a channel shows something in the inbox, and whether it sends mail. Invitations are always shown. */
export function waysOf(
  channels: Channels,
  kind: NotificationKind,
): { readonly inApp: boolean; readonly mail: boolean } {
  const channel = kind === 'invited' ? 'in_app' : channels[kind];
  return { inApp: channel === 'in_app' || channel === 'both', mail: channel === 'mail' || channel === 'both' };
}
