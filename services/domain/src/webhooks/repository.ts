import { type Executor, maybeOne, one, type Sql, sql } from '@taskflow/db';
import type { Document } from '../core/document.ts';
import { deliveryJson, webhookHealth, webhookJson, webhookWithHealthJson, webhookWithSecretJson } from './json.ts';

/** A webhook as its own row has it. */
export type WebhookRow = {
  readonly version: number;
  readonly url: string;
  readonly description: string;
  readonly event_types: string[];
  readonly is_active: boolean;
};

/** Shapes in which a webhook is answered. */
const shapes = {
  plain: { json: webhookJson, joins: sql`` },
  withSecret: { json: webhookWithSecretJson, joins: sql`` },
  withHealth: { json: webhookWithHealthJson, joins: webhookHealth },
} as const;

const isThere = (workspaceId: string): Sql => sql`w.workspace_id = ${workspaceId} and w.deleted_at is null`;

/** In the order in which they were made. */
export async function listWebhooks(executor: Executor, workspaceId: string): Promise<{ json: string }[]> {
  return executor.query<{ json: string }>(
    sql`
      select ${webhookWithHealthJson}::text as json from webhooks w ${webhookHealth}
      where ${isThere(workspaceId)} order by w.id`,
    { name: 'webhook-list' },
  );
}

/** How many webhooks a workspace has. */
export async function countWebhooks(executor: Executor, workspaceId: string): Promise<number> {
  const { count } = await one<{ count: number }>(
    executor,
    sql`select count(*)::int as count from webhooks w where ${isThere(workspaceId)}`,
  );
  return count;
}

/** A webhook that is there, in one of its shapes. */
export async function readWebhook(
  executor: Executor,
  workspaceId: string,
  webhookId: string,
  shape: keyof typeof shapes,
): Promise<Document | undefined> {
  const { json, joins } = shapes[shape];
  return maybeOne<Document>(
    executor,
    sql`
      select w.id, ${json}::text as json, w.version::text as etag from webhooks w ${joins}
      where ${isThere(workspaceId)} and w.id = ${webhookId}::uuid`,
    { name: `webhook-read-${shape}` },
  );
}

/** Locks a webhook until the transaction ends. */
export async function lockWebhook(
  executor: Executor,
  workspaceId: string,
  webhookId: string,
): Promise<WebhookRow | undefined> {
  return maybeOne<WebhookRow>(
    executor,
    sql`
      select w.version, w.url, w.description, w.event_types, w.is_active from webhooks w
      where ${isThere(workspaceId)} and w.id = ${webhookId}::uuid for update`,
  );
}

/** Inserts a webhook. */
export async function insertWebhook(
  executor: Executor,
  webhook: {
    readonly id: string;
    readonly workspaceId: string;
    readonly url: string;
    readonly description: string;
    readonly eventTypes: readonly string[];
    readonly secret: string;
    readonly createdBy: string;
  },
): Promise<void> {
  await executor.query(sql`
    insert into webhooks (id, workspace_id, url, description, event_types, secret, created_by)
    values (${webhook.id}, ${webhook.workspaceId}, ${webhook.url}, ${webhook.description},
      ${[...webhook.eventTypes]}::text[], ${webhook.secret}, ${webhook.createdBy})`);
}

/** Writes what people may change of a webhook. */
export async function updateWebhook(
  executor: Executor,
  webhookId: string,
  next: Omit<WebhookRow, 'version'>,
): Promise<void> {
  await executor.query(sql`
    update webhooks set url = ${next.url}, description = ${next.description},
      event_types = ${next.event_types}::text[], is_active = ${next.is_active}, version = version + 1,
      updated_at = now()
    where id = ${webhookId}::uuid`);
}

/** Replaces the secret; the old one stays valid for a day. */
export async function replaceSecret(executor: Executor, webhookId: string, secret: string): Promise<void> {
  await executor.query(sql`
    update webhooks set previous_secret = secret, previous_secret_until = now() + interval '1 day', secret = ${secret},
      version = version + 1, updated_at = now()
    where id = ${webhookId}::uuid`);
}

/** Deletes a webhook, its secrets with it. */
export async function deleteWebhook(executor: Executor, webhookId: string): Promise<void> {
  await executor.query(sql`
    update webhooks set deleted_at = now(), is_active = false, secret = '', previous_secret = null,
      version = version + 1, updated_at = now()
    where id = ${webhookId}::uuid`);
}

/** Turns a webhook off, if that is where it sends. @returns whether it was on */
export async function disableWebhook(executor: Executor, webhookId: string, url: string): Promise<boolean> {
  const rows = await executor.query(sql`
    update webhooks set is_active = false, version = version + 1, updated_at = now()
    where id = ${webhookId}::uuid and url = ${url} and is_active
    returning id`);
  return rows.length > 0;
}

/** Newest first. @param page.after the id at which the page begins, excluded */
export async function listDeliveries(
  executor: Executor,
  webhookId: string,
  page: { readonly after: string | null; readonly rowLimit: number },
): Promise<{ id: string; json: string }[]> {
  return executor.query<{ id: string; json: string }>(
    sql`
      select d.id, ${deliveryJson}::text as json
      from webhook_deliveries d left join jobs j on j.id = d.job_id
      where d.webhook_id = ${webhookId} and (${page.after}::uuid is null or d.id < ${page.after}::uuid)
      order by d.id desc limit ${page.rowLimit}`,
    { name: 'webhook-deliveries' },
  );
}

/** One delivery. */
export async function readDelivery(executor: Executor, deliveryId: string): Promise<Document> {
  return one<Document>(
    executor,
    sql`
      select d.id, ${deliveryJson}::text as json, '' as etag
      from webhook_deliveries d left join jobs j on j.id = d.job_id where d.id = ${deliveryId}::uuid`,
    { name: 'webhook-delivery-read' },
  );
}

/** A message to be delivered. */
export interface NewDelivery {
  readonly id: string;
  readonly workspaceId: string;
  readonly webhookId: string;
  readonly eventType: string;
  readonly activityNumber: number | null;
  readonly messageId: string;
  readonly isRedelivery: boolean;
  readonly requestBody: string;
  readonly jobId: string;
}

/** Inserts deliveries, unless they are there; a body that many have in common is handed over once. */
export async function insertDeliveries(executor: Executor, deliveries: readonly NewDelivery[]): Promise<void> {
  const bodies = [...new Set(deliveries.map(({ requestBody }) => requestBody))];
  const placeOf = new Map(bodies.map((body, index) => [body, index + 1]));
  const rows = JSON.stringify(
    deliveries.map((delivery) => ({
      id: delivery.id,
      workspace_id: delivery.workspaceId,
      webhook_id: delivery.webhookId,
      event_type: delivery.eventType,
      activity_number: delivery.activityNumber,
      message_id: delivery.messageId,
      is_redelivery: delivery.isRedelivery,
      body_place: placeOf.get(delivery.requestBody),
      job_id: delivery.jobId,
    })),
  );
  await executor.query(sql`
    insert into webhook_deliveries (
      id, workspace_id, webhook_id, event_type, activity_number, message_id, is_redelivery, request_body, job_id
    )
    select d.id, d.workspace_id, d.webhook_id, d.event_type, d.activity_number, d.message_id, d.is_redelivery,
      b.body, d.job_id
    from json_to_recordset(${rows}::json) as d (
      id uuid, workspace_id uuid, webhook_id uuid, event_type text, activity_number bigint, message_id text,
      is_redelivery boolean, body_place bigint, job_id uuid
    )
    join unnest(${bodies}::text[]) with ordinality as b (body, place) on b.place = d.body_place
    on conflict do nothing`);
}

/** What an attempt needs to know of its delivery. */
export type DeliveryToSend = {
  readonly workspace_id: string;
  readonly url: string;
  readonly secrets: string[];
  readonly message_id: string;
  readonly event_type: string;
  readonly request_body: string;
};

/** The delivery, unless its webhook is gone or turned off, or it was delivered already. */
export async function findDeliveryToSend(executor: Executor, deliveryId: string): Promise<DeliveryToSend | undefined> {
  return maybeOne<DeliveryToSend>(
    executor,
    sql`
      select d.workspace_id, w.url, d.message_id, d.event_type, d.request_body,
        array_remove(array[w.secret, case when w.previous_secret_until > now() then w.previous_secret end], null)
          as secrets
      from webhook_deliveries d
      join webhooks w on w.id = d.webhook_id and w.deleted_at is null and w.is_active
      where d.id = ${deliveryId}::uuid and d.delivered_at is null`,
    { name: 'webhook-delivery-to-send' },
  );
}

/** Notes what an attempt came to; one that failed changes nothing about a message that has been delivered meanwhile. */
export async function recordAttempt(
  executor: Executor,
  deliveryId: string,
  attempt: {
    readonly status: number | null;
    readonly body: string | null;
    readonly errorCode: string | null;
    readonly durationMs: number;
    readonly isDelivered: boolean;
  },
): Promise<void> {
  await executor.query(
    sql`
      update webhook_deliveries set attempts = attempts + 1, response_status = ${attempt.status}::smallint,
        response_body = ${attempt.body}, error_code = ${attempt.errorCode}, duration_ms = ${attempt.durationMs},
        last_attempt_at = now(), delivered_at = case when ${attempt.isDelivered} then now() end
      where id = ${deliveryId}::uuid and (${attempt.isDelivered} or delivered_at is null)`,
    { name: 'webhook-attempt' },
  );
}

/** Which webhook wants to be told of which activity in a range. */
export type Wanted = {
  readonly webhook_id: string;
  readonly number: number;
  readonly type: string;
  readonly at: string;
  readonly task_id: string | null;
};

/** Pairs of active webhooks and activities that they want and have not been told of, in order. */
export async function findWanted(
  executor: Executor,
  workspaceId: string,
  range: { readonly fromNumber: number; readonly toNumber: number },
): Promise<Wanted[]> {
  return executor.query<Wanted>(
    sql`
      select w.id as webhook_id, a.number, a.type, rfc3339(a.at) as at, a.task_id
      from webhooks w
      join activity a on a.workspace_id = w.workspace_id and a.number between ${range.fromNumber} and ${range.toNumber}
        and (w.event_types = '{}' or a.type = any(w.event_types))
      where ${isThere(workspaceId)} and w.is_active and not exists (
        select from webhook_deliveries d
        where d.webhook_id = w.id and d.activity_number = a.number and not d.is_redelivery
      )
      order by a.number, w.id`,
    { name: 'webhook-wanted' },
  );
}

/** What is repeated when a delivery is sent once more. */
export type DeliveryToRepeat = {
  readonly workspace_id: string;
  readonly webhook_id: string;
  readonly is_active: boolean;
  readonly event_type: string;
  readonly activity_number: number | null;
  readonly message_id: string;
  readonly request_body: string;
};

/** A delivery of a webhook that is still there. */
export async function findDeliveryToRepeat(
  executor: Executor,
  deliveryId: string,
): Promise<DeliveryToRepeat | undefined> {
  return maybeOne<DeliveryToRepeat>(
    executor,
    sql`
      select d.workspace_id, d.webhook_id, w.is_active, d.event_type, d.activity_number, d.message_id, d.request_body
      from webhook_deliveries d join webhooks w on w.id = d.webhook_id and w.deleted_at is null
      where d.id = ${deliveryId}::uuid`,
  );
}
