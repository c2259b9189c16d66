import { type Executor, maybeOne, sql } from '@taskflow/db';

/** Whether somebody gets mails of a topic. */
export async function isTurnedOff(executor: Executor, userId: string, topic: string): Promise<boolean | undefined> {
  const row = await maybeOne<{ isOff: boolean }>(
    executor,
    sql`
      select unsubscribed_at is not null as "isOff" from mail_subscriptions
      where user_id = ${userId} and topic = ${topic}`,
    { name: 'mail-subscription' },
  );
  return row?.isOff;
}

/** Makes the link that turns a topic off, once; of two at the same time one stays. */
export async function addSubscription(tx: Executor, userId: string, topic: string, token: string): Promise<void> {
  await tx.query(sql`
    insert into mail_subscriptions (user_id, topic, unsubscribe_token) values (${userId}, ${topic}, ${token})
    on conflict (user_id, topic) do nothing`);
}

/** Turns off what a link is for. @returns the topic; undefined when there is no such link */
export async function turnOffByToken(tx: Executor, token: string): Promise<string | undefined> {
  const row = await maybeOne<{ topic: string }>(
    tx,
    sql`
      update mail_subscriptions set unsubscribed_at = coalesce(unsubscribed_at, now())
      where unsubscribe_token = ${token}
      returning topic`,
  );
  return row?.topic;
}

/** Topics that somebody turned off, in the order of the alphabet. */
export async function topicsTurnedOff(executor: Executor, userId: string): Promise<readonly string[]> {
  const rows = await executor.query<{ topic: string }>(sql`
    select topic from mail_subscriptions where user_id = ${userId} and unsubscribed_at is not null order by topic`);
  return rows.map(({ topic }) => topic);
}

/** Turns a topic on or off. @param token for the link, where there is none yet */
export async function setSubscription(
  tx: Executor,
  change: { readonly userId: string; readonly topic: string; readonly isOn: boolean; readonly token: string },
): Promise<void> {
  const { userId, topic, isOn, token } = change;
  await tx.query(sql`
    insert into mail_subscriptions as s (user_id, topic, unsubscribe_token, unsubscribed_at)
    values (${userId}, ${topic}, ${token}, case when ${isOn}::boolean then null else now() end)
    on conflict (user_id, topic) do update set
      unsubscribed_at = case when ${isOn}::boolean then null else coalesce(s.unsubscribed_at, now()) end`);
}
