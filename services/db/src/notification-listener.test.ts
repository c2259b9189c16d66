import { createTestDatabase, type TestDatabase } from '@taskflow/local/embedded/testing';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Database } from './database.ts';
import { createNotificationListener, type NotificationListenerOptions } from './notification-listener.ts';
import { openDatabase } from './testing/open-database.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.urls.app);
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

function listen(options: Partial<NotificationListenerOptions> = {}) {
  const heard: string[] = [];
  const onListening = vi.fn<() => void>();
  const listener = createNotificationListener({
    url: testDatabase.urls.app,
    applicationName: 'listener-under-test',
    connectTimeoutMs: 5_000,
    channels: ['channel_one', 'channel_two'],
    onNotification: (channel, payload) => void heard.push(`${channel} ${payload}`),
    onListening,
    onError: () => undefined,
    ...options,
  });
  return { listener, heard, onListening };
}

const cut = () =>
  database.query(
    sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'listener-under-test'`,
  );

describe('a notification listener', () => {
  it('hears what is sent on its channels', async () => {
    const { listener, heard, onListening } = listen();
    await vi.waitFor(() => expect(onListening).toHaveBeenCalledTimes(1));
    await database.query(sql`select pg_notify('channel_two', 'hello'), pg_notify('channel_three', 'not for us')`);
    await vi.waitFor(() => expect(heard).toEqual(['channel_two hello']));
    await listener.stop();
    expect(listener.isListening).toBe(false);
  });

  it('listens again after its connection was cut, and says so', async () => {
    const { listener, heard, onListening } = listen();
    await vi.waitFor(() => expect(listener.isListening).toBe(true));
    await cut();
    await vi.waitFor(() => expect(onListening).toHaveBeenCalledTimes(2), { timeout: 5_000 });
    await database.query(sql`select pg_notify('channel_one', 'again')`);
    await vi.waitFor(() => expect(heard).toEqual(['channel_one again']));
    await listener.stop();
  });

  it('can be stopped while it is still connecting', async () => {
    const { listener } = listen();
    await listener.stop();
    const { listener: nowhere } = listen({ url: 'postgres://nobody@127.0.0.1:1/nothing' });
    await nowhere.stop();
    expect(listener.isListening || nowhere.isListening).toBe(false);
  });
});
