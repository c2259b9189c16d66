import { z } from 'zod';
import { id, instant } from '../http/index.ts';

/** What a mail is about. */
export const mailKinds = [
  'invitation',
  'email_verification',
  'password_reset',
  'password_changed',
  'notification',
  'digest',
  'overdue',
  'report',
] as const;
/** See {@link mailKinds}. */
export type MailKind = (typeof mailKinds)[number];

/**
 * Where a mail is: it waits or is tried again, the mail server took it, the mail server refused it for good, or it is
 * not sent at all (`reason` says why).
 */
export const mailStates = ['queued', 'sent', 'failed', 'suppressed'] as const;
/** See {@link mailStates}. */
export type MailState = (typeof mailStates)[number];

/** Why a mail is not sent: the instance has no mail server, or nobody can have the address (RFC 2606). */
const suppressedReasons = ['no_smtp', 'reserved_address'] as const;
/** See {@link suppressedReasons}. */
export type SuppressedReason = (typeof suppressedReasons)[number];

/** A mail as operators see it in lists. */
export const mailSummarySchema = z.strictObject({
  id,
  kind: z.enum(mailKinds),
  /** What the person may turn off; null for mails that they asked for. */
  topic: z.string().nullable(),
  to: z.string(),
  subject: z.string(),
  state: z.enum(mailStates),
  reason: z.enum(suppressedReasons).nullable(),
  attempts: z.number().int(),
  errorCode: z.string().nullable(),
  /** What the mail server said, shortened. */
  errorMessage: z.string().nullable(),
  /** The job that sends it. */
  jobId: id.nullable(),
  userId: id.nullable(),
  workspaceId: id.nullable(),
  createdAt: instant,
  sentAt: instant.nullable(),
});
/** See {@link mailSummarySchema}. */
export type MailSummary = z.infer<typeof mailSummarySchema>;

/** A mail with its content. A link that lets somebody in is never part of it. */
export const mailSchema = mailSummarySchema.extend({
  text: z.string(),
  html: z.string(),
  /** Whether a link that lets somebody in was left out above. */
  holdsSecret: z.boolean(),
});
/** See {@link mailSchema}. */
export type Mail = z.infer<typeof mailSchema>;
