import type { OperationsSnapshot } from '@taskflow/contract/operations';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Frame } from '../live/frames.ts';
import type { LiveStream } from '../live/live-stream.ts';
import { createOperationsHub } from './operations-hub.ts';

const snapshot: OperationsSnapshot = {
  queues: { at: '2026-03-02T09:00:00.000Z', queues: [], types: [], workers: [] },
  breakers: { items: [], nextCursor: null, isLive: true },
};

/** A reader that keeps what it is sent. */
function newReader() {
  const texts: string[] = [];
  let close = (): void => undefined;
  let isEnded = false;
  const take = ({ bytes }: Frame) => void texts.push(bytes.toString());
  const stream: LiveStream = {
    isFull: false,
    write: take,
    end(frame) {
      take(frame);
      isEnded = true;
      close();
    },
    destroy: () => close(),
    onDrain: () => undefined,
    onClose(listener) {
      close = listener;
    },
  };
  return {
    texts,
    open: () => stream,
    leave: () => close(),
    get isEnded() {
      return isEnded;
    },
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function newHub(read: () => Promise<OperationsSnapshot> = async () => snapshot) {
  const reading = vi.fn(read);
  const warn = vi.fn();
  const hub = createOperationsHub({ read: reading, log: { warn }, now: () => Date.now() });
  return { hub, reading, warn };
}

describe('the hub of operations', () => {
  it('reads once a second however many look, and not at all while nobody does', async () => {
    const { hub, reading } = newHub();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(reading).not.toHaveBeenCalled();
    const readers = [newReader(), newReader(), newReader()];
    for (const [index, { open }] of readers.entries()) {
      hub.connect(`person ${index}`, open);
    }
    await vi.advanceTimersByTimeAsync(3_500);
    expect(reading).toHaveBeenCalledTimes(4);
    expect(readers.map(({ texts }) => texts.length)).toEqual([4, 4, 4]);
    expect(readers[0]?.texts[0]).toBe(`id: 1\ndata: ${JSON.stringify(snapshot)}\n\n`);
    for (const reader of readers) {
      reader.leave();
    }
    await vi.advanceTimersByTimeAsync(1_000);
    const before = reading.mock.calls.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reading).toHaveBeenCalledTimes(before);
  });

  it('rests nine times as long as a slow reading took', async () => {
    const slow = () => new Promise<OperationsSnapshot>((resolve) => setTimeout(() => resolve(snapshot), 1_000));
    const { hub, reading } = newHub(slow);
    hub.connect('ada', newReader().open);
    await vi.advanceTimersByTimeAsync(9_900);
    expect(reading).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(reading).toHaveBeenCalledTimes(2);
  });

  it('ends a stream after a minute, so that whoever comes back is asked again', async () => {
    const { hub } = newHub();
    const reader = newReader();
    hub.connect('ada', reader.open);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(reader.isEnded).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(reader.isEnded).toBe(true);
    expect(reader.texts.at(-1)).toBe('retry: 1000\n\n');
  });

  it('ends the streams of somebody who signed out, and nobody else’s', async () => {
    const { hub } = newHub();
    const [ada, bob] = [newReader(), newReader()];
    hub.connect('ada', ada.open);
    hub.connect('bob', bob.open);
    hub.end('ada');
    expect([ada.isEnded, bob.isEnded]).toEqual([true, false]);
  });

  it('goes on when reading fails, and says so once', async () => {
    let isDown = true;
    const { hub, warn } = newHub(async () => {
      if (isDown) {
        throw new Error('down');
      }
      return snapshot;
    });
    const reader = newReader();
    hub.connect('ada', reader.open);
    await vi.advanceTimersByTimeAsync(3_500);
    expect(warn).toHaveBeenCalledOnce();
    isDown = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(reader.texts).toHaveLength(1);
  });

  it('bounds the streams of one person, and takes none while it closes', async () => {
    const { hub } = newHub();
    for (let count = 0; count < 12; count += 1) {
      hub.connect('ada', newReader().open);
    }
    expect(() => hub.connect('ada', newReader().open)).toThrow('At most 12');
    const last = newReader();
    hub.connect('bob', last.open);
    await hub.close();
    expect(last.isEnded).toBe(true);
    expect(() => hub.connect('bob', newReader().open)).toThrow('shutting down');
  });
});
