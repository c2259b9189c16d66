import { randomUUID } from 'node:crypto';
import { testRedisUrl } from '@taskflow/local/embedded/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeRedis, createRedis, type Redis } from './redis-client.ts';
import { createWakeUpChannel, type WakeUpChannel } from './wake-up-channel.ts';

/** Waits end when their condition holds; this only bounds a failure. */
const patient = { timeout: 10_000 };

describe('a wake-up channel', () => {
  let publisher: Redis;
  let channels: WakeUpChannel[];
  let errors: Error[];
  let topic: string;

  beforeEach(async () => {
    const url = await testRedisUrl();
    const onError = (error: Error): void => {
      errors.push(error);
    };
    errors = [];
    topic = randomUUID();
    publisher = createRedis({ url, name: 'publisher', onError });
    channels = ['first', 'second'].map((name) => createWakeUpChannel({ url, name, publisher, onError }));
    await vi.waitUntil(
      () => publisher.status === 'ready' && channels.every((channel) => channel.state === 'connected'),
      patient,
    );
  });

  afterEach(async () => {
    await Promise.all(channels.map((channel) => channel.close()));
    await closeRedis(publisher);
  });

  /** Subscribes and waits until wake-ups arrive. */
  async function listen(channel: WakeUpChannel | undefined, name = topic): Promise<{ seen: string[]; stop(): void }> {
    const seen: string[] = [];
    const { promise: active, resolve } = Promise.withResolvers<void>();
    const stop = channel?.subscribe(name, { message: (payload) => seen.push(payload), active: resolve });
    await active;
    return { seen, stop: () => stop?.() };
  }

  it('wakes the listeners of a topic in every process', async () => {
    const listeners = [await listen(channels[0]), await listen(channels[1])];
    channels[0]?.publish(topic, '41');
    await vi.waitFor(() => expect(listeners.map(({ seen }) => seen)).toEqual([['41'], ['41']]), patient);
  });

  it('tells a second listener of a topic that it is active, too', async () => {
    const first = await listen(channels[0]);
    const second = await listen(channels[0]);
    channels[1]?.publish(topic, 'both');
    await vi.waitFor(() => expect([first.seen, second.seen]).toEqual([['both'], ['both']]), patient);
  });

  it('keeps topics apart', async () => {
    const here = await listen(channels[0]);
    const elsewhere = await listen(channels[0], `${topic}-other`);
    channels[0]?.publish(`${topic}-other`, 'x');
    await vi.waitFor(() => expect(elsewhere.seen).toEqual(['x']), patient);
    expect(here.seen).toEqual([]);
  });

  it('no longer wakes who has left', async () => {
    const leaving = await listen(channels[0]);
    const staying = await listen(channels[0]);
    leaving.stop();
    leaving.stop();
    channels[0]?.publish(topic, 'x');
    await vi.waitFor(() => expect(staying.seen).toEqual(['x']), patient);
    expect(leaving.seen).toEqual([]);
    staying.stop();
    await vi.waitFor(async () => expect(await publisher.pubsub('NUMSUB', topic)).toEqual([topic, 0]), patient);
  });

  it('reports a listener that throws and still wakes the others', async () => {
    channels[0]?.subscribe(topic, {
      message() {
        throw new Error('listener broke');
      },
    });
    const { seen } = await listen(channels[0]);
    channels[0]?.publish(topic, 'x');
    await vi.waitFor(() => expect(seen).toEqual(['x']), patient);
    expect(errors.map((error) => error.message)).toContain('listener broke');
  });
});
