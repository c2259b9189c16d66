import { z } from 'zod';
import { id, instant, timeZoneName, version } from '../http/index.ts';
import { statusCategories } from '../projects/index.ts';

/** Why somebody is told of something, strongest first: of one event a person is told once, for the strongest reason. */
export const notificationKinds = [
  'assigned',
  'mentioned',
  'commented',
  'status_changed',
  'overdue',
  'due_soon',
  'invited',
] as const;
/** See {@link notificationKinds}. */
export type NotificationKind = (typeof notificationKinds)[number];

const named = z.strictObject({ id, name: z.string() });

/** One thing that concerns the person. */
export const notificationSchema = z.strictObject({
  id,
  kind: z.enum(notificationKinds),
  at: instant,
  readAt: instant.nullable(),
  /** Who did it; null for reminders. */
  actor: named.nullable(),
  commentId: id.nullable(),
  /** The beginning of the comment that it is about, as it is now; null without one, or when it was deleted. */
  excerpt: z.string().nullable(),
  /** What the task was moved to. */
  statusName: z.string().nullable(),
  /** The due date that a reminder is about. */
  dueAt: instant.nullable(),
});
/** See {@link notificationSchema}. */
export type Notification = z.infer<typeof notificationSchema>;

/** What there is in the inbox about one task, or one invitation. */
export const inboxThreadSchema = z.strictObject({
  /** Of the newest notification. */
  id,
  workspace: z.strictObject({ id, slug: z.string(), name: z.string() }),
  /** Null for an invitation. */
  task: z
    .strictObject({ id, key: z.string(), title: z.string(), projectId: id, category: z.enum(statusCategories) })
    .nullable(),
  count: z.number().int().positive(),
  unreadCount: z.number().int().nonnegative(),
  /** Newest first, five at most. */
  latest: z.array(notificationSchema).min(1).max(5),
});
/** See {@link inboxThreadSchema}. */
export type InboxThread = z.infer<typeof inboxThreadSchema>;

/** Answer of `GET /notifications/count`: in how many threads something is unread; 100 stands for more. */
export const inboxCountSchema = z.strictObject({ unread: z.number().int().min(0).max(100) });

/** Body of `POST /notifications/read`: some notifications, each with what came before it about the same, or all. */
export const readNotificationsBody = z
  .strictObject({ ids: z.array(id).min(1).max(200).optional(), all: z.literal(true).optional() })
  .refine(({ ids, all }) => (ids === undefined) !== (all === undefined), 'needs either ids or all');

/** Kinds whose channel a person chooses. Who is invited gets a mail of another kind anyway. */
export const channelKinds = ['assigned', 'mentioned', 'commented', 'status_changed', 'due_soon', 'overdue'] as const;
/** See {@link channelKinds}. */
export type ChannelKind = (typeof channelKinds)[number];

/** Where a person is told. */
export const notificationChannels = ['in_app', 'mail', 'both', 'off'] as const;
/** See {@link notificationChannels}. */
export type NotificationChannel = (typeof notificationChannels)[number];

/** When mails go out: each at once, all of a day together in the morning, or never. Reminders always come together. */
export const mailDeliveries = ['at_once', 'daily', 'off'] as const;
/** See {@link mailDeliveries}. */
export type MailDelivery = (typeof mailDeliveries)[number];

const channel = z.enum(notificationChannels);
const channels = {
  assigned: channel,
  mentioned: channel,
  commented: channel,
  status_changed: channel,
  due_soon: channel,
  overdue: channel,
} as const satisfies Record<ChannelKind, typeof channel>;

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');

/** From a time of the day until another, over midnight where the second is the earlier one. */
const quietHoursSchema = z
  .strictObject({ from: timeOfDay, until: timeOfDay })
  .refine(({ from, until }) => from !== until, 'must have a beginning and an end');
/** A stretch of each day. */
export type QuietHours = z.infer<typeof quietHoursSchema>;

/** How a person wants to be told. */
export const preferencesSchema = z.strictObject({
  channels: z.strictObject(channels),
  mailDelivery: z.enum(mailDeliveries),
  /** No mail at once in these hours: it goes out at their end. */
  quietHours: quietHoursSchema.nullable(),
  /** IANA name. Null until it is chosen: then it is UTC. */
  timeZone: z.string().nullable(),
  version,
});
/** See {@link preferencesSchema}. */
export type Preferences = z.infer<typeof preferencesSchema>;

/** Body of `PATCH /me/preferences`: only what is given changes, single channels too. */
export const updatePreferencesBody = z
  .strictObject({
    channels: z.strictObject(channels).partial(),
    mailDelivery: z.enum(mailDeliveries),
    quietHours: quietHoursSchema.nullable(),
    timeZone: timeZoneName,
  })
  .partial();

/** Answer of `GET /tasks/{id}/watch`. Who has to do with a task watches it, unless they said otherwise. */
export const watchSchema = z.strictObject({ watching: z.boolean() });
