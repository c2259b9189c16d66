import { sql } from '@taskflow/db';
import { webhookDeliver } from './job-types.ts';

const fields = sql`
  'id', w.id,
  'workspaceId', w.workspace_id,
  'url', w.url,
  'description', w.description,
  'eventTypes', w.event_types,
  'isActive', w.is_active,
  'previousSecretUntil', case when w.previous_secret_until > now() then rfc3339(w.previous_secret_until) end,
  'createdBy', w.created_by,
  'version', w.version,
  'createdAt', rfc3339(w.created_at),
  'updatedAt', rfc3339(w.updated_at)`;

/** The one shape of a webhook: JSON of `webhooks w`. */
export const webhookJson = sql`json_build_object(${fields})`;

/** A webhook with its secret; shown when it was made. */
export const webhookWithSecretJson = sql`json_build_object(${fields}, 'secret', w.secret)`;

// Redis may have forgotten the breaker since: then nothing is kept back any more.
const isPaused = sql`(e.to_state is not null and (k.kept > 0 or e.paused_until > now()))`;

/** A webhook and how it does, of `webhooks w` and {@link webhookHealth}. */
export const webhookWithHealthJson = sql`json_build_object(${fields}, 'health', json_build_object(
  'state', case when not w.is_active then 'disabled' when ${isPaused} then 'paused' else 'ok' end,
  'errorCode', case when ${isPaused} then e.error_code end,
  'failures', case when ${isPaused} then e.failures else 0 end,
  'pausedUntil', case when ${isPaused} then rfc3339(e.paused_until) end,
  'kept', k.kept
))`;

/** The last thing that a breaker of webhook `w` did, when that keeps deliveries back, and how many are kept. */
export const webhookHealth = sql`
  left join lateral (
    select b.to_state, b.failures, b.at + make_interval(secs => b.cooldown_ms / 1000.0) as paused_until,
      substr(b.key, length(${webhookDeliver.name} || '@' || w.id || ':') + 1) as error_code
    from (
      select distinct on (key) key, to_state, failures, cooldown_ms, at, id from breaker_events
      where key >= ${webhookDeliver.name} || '@' || w.id || ':' and key < ${webhookDeliver.name} || '@' || w.id || ';'
      order by key, id desc
    ) b
    where b.to_state <> 'closed'
    order by b.id desc
    limit 1
  ) e on true
  cross join lateral (
    select count(*) as kept from jobs j
    where j.type = ${webhookDeliver.name} and j.scope = w.id::text and j.state = 'quarantined' and j.reason = 'breaker'
  ) k`;

/** A page of messages stays readable, and small, however long the tasks are that they tell of. */
const shownCharacters = 10_000;

/** The one shape of a delivery: JSON of `webhook_deliveries d` left joined with its job `j`. */
export const deliveryJson = sql`json_build_object(
  'id', d.id,
  'webhookId', d.webhook_id,
  'eventType', d.event_type,
  'state', case
    when d.delivered_at is not null then 'delivered'
    when j.state = 'running' then 'running'
    when j.state = 'quarantined' and j.reason = 'breaker' then 'kept'
    when j.state in ('scheduled', 'pending', 'queued', 'retrying') then 'waiting'
    else 'failed'
  end,
  'attempts', d.attempts,
  'messageId', d.message_id,
  'requestBody', left(d.request_body, ${shownCharacters}::int),
  'responseStatus', d.response_status,
  'responseBody', d.response_body,
  'errorCode', d.error_code,
  'durationMs', d.duration_ms,
  'jobId', d.job_id,
  'createdAt', rfc3339(d.created_at),
  'lastAttemptAt', rfc3339(d.last_attempt_at),
  'deliveredAt', rfc3339(d.delivered_at)
)`;
