import { createTestDatabase, type TestDatabase } from '@taskflow/local/embedded/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDatabase, type Database } from './database.ts';
import sql from 'sql-template-tag';
import { createNotificationListener, type NotificationListener } from './notification-listener.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({
    url: testDatabase.urls.app,
    applicationName: 'test',
    pool: { max: 2, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
  });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

function listen(onListening: () => void = () => undefined): { listener: NotificationListener; heard: string[] } {
  const heard: string[] = [];
  const listener = createNotificationListener({
    url: testDatabase.urls.app,
    applicationName: 'test listener',
    connectTimeoutMs: 5_000,
    channels: ['news', 'Other "news"'],
    onNotification: (channel, payload) => void heard.push(`${channel}: ${payload}`),
    onListening,
    onError: () => undefined,
  });
  return { listener, heard };
}

const notify = (channel: string, payload: string) => database.query(sql`select pg_notify(${channel}, ${payload})`);

describe('a notification listener', () => {
  it('hears its channels and no other', async () => {
    const { listener, heard } = listen();
    await vi.waitUntil(() => listener.isListening);
    await notify('nothing', 'unheard');
    await notify('news', 'one');
    await notify('Other "news"', 'two');
    await vi.waitFor(() => expect(heard).toEqual(['news: one', 'Other "news": two']));
    await listener.stop();
    expect(listener.isListening).toBe(false);
  });

  it('finds back when its connection is ended, and says that it may have missed something', async () => {
    let times = 0;
    const { listener, heard } = listen(() => {
      times += 1;
    });
    await vi.waitUntil(() => times === 1);
    await database.query(sql`
      select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test listener'`);
    await vi.waitUntil(() => times === 2, { timeout: 5_000 });
    await notify('news', 'again');
    await vi.waitFor(() => expect(heard).toEqual(['news: again']));
    await listener.stop();
  });

  it.each([0, 2, 8, 20])('stops at once, %s ms after it began', async (afterMs) => {
    const { listener } = listen();
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    const startedAt = performance.now();
    await listener.stop();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('stops although it is told to while it begins to listen', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { listener } = listen(() => resolve(listener.stop()));
    await promise;
    expect(listener.isListening).toBe(false);
  });
});
