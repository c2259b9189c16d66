import { sql } from '@taskflow/db';

/** The one shape of a mail in lists: JSON of `mails m`. */
export const mailSummaryJson = sql`jsonb_build_object(
  'id', m.id,
  'kind', m.kind,
  'topic', m.topic,
  'to', m.to_address,
  'subject', m.subject,
  'state', m.state,
  'reason', m.reason,
  'attempts', m.attempts,
  'errorCode', m.error_code,
  'errorMessage', m.error_message,
  'jobId', m.job_id,
  'userId', m.user_id,
  'workspaceId', m.workspace_id,
  'createdAt', rfc3339(m.created_at),
  'sentAt', rfc3339(m.sent_at)
)`;

/** The same with its content; the link that lets somebody in is nowhere. */
export const mailJson = sql`${mailSummaryJson} || jsonb_build_object(
  'text', m.text,
  'html', m.html,
  'holdsSecret', m.holds_secret
)`;
