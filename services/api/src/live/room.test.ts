import type { Audience, LiveEntry, LiveSource } from '@taskflow/domain';
import { describe, expect, it, vi } from 'vitest';
import type { Frame } from './frames.ts';
import type { LiveStream } from './live-stream.ts';
import { createReader, type Reader } from './reader.ts';
import { createRoom, type Room } from './room.ts';

const workspaceId = 'workspace';

const entry = (number: number): LiveEntry => ({
  number,
  type: 'label.updated',
  projectId: null,
  subjectId: null,
  changesAccess: false,
  json: `{"number":${number}}`,
});

/** A workspace whose activity is a number, and a database that can be away. */
function createFakeSource() {
  const state = { last: 0, isAway: false };
  const answer = <Result>(result: Result): Promise<Result> =>
    state.isAway ? Promise.reject(new Error('away')) : Promise.resolve(result);
  const source = {
    lastNumbers: vi.fn<LiveSource['lastNumbers']>(() => answer(new Map([[workspaceId, state.last]]))),
    read: vi.fn<LiveSource['read']>((_, { after, upTo = state.last, limit }) =>
      answer(Array.from({ length: Math.min(upTo - after, limit) }, (__, index) => entry(after + index + 1))),
    ),
    audience: vi.fn<LiveSource['audience']>((_, userIds) => {
      const viewers = userIds.map(
        (userId) => [userId, { userId, role: 'member', ownProjectIds: new Set<string>() }] as const,
      );
      return answer<Audience>({ openProjectIds: new Set(), viewers: new Map(viewers) });
    }),
    lostRights: vi.fn<LiveSource['lostRights']>(() => answer(new Map())),
  };
  return { state, source };
}

/** A stream that keeps the very buffers it was given. */
function createFakeStream() {
  const frames: Frame[] = [];
  const drained: (() => void)[] = [];
  const state = { isFull: false, isDestroyed: false };
  const stream: LiveStream = {
    get isFull() {
      return state.isFull;
    },
    write: (frame) => void frames.push(frame),
    end: (frame) => void frames.push(frame),
    destroy: () => {
      state.isDestroyed = true;
    },
    onDrain: (listener) => void drained.push(listener),
    onClose: () => undefined,
  };
  return {
    stream,
    state,
    frames,
    texts: () => frames.map(({ bytes }) => bytes.toString()),
    messages: () => frames.map(({ bytes }) => bytes.toString()).filter((frame) => /^id: \d+\ndata/.test(frame)),
    drain() {
      state.isFull = false;
      for (const listener of drained) {
        listener();
      }
    },
  };
}

function join(room: Room, resumeAfter?: number) {
  const fake = createFakeStream();
  const reader: Reader = createReader({
    watcher: { workspaceId, userId: 'user', credential: 'session', credentialId: 'session' },
    resumeAfter,
    stream: fake.stream,
    retryMs: 1_000,
    now: () => 0,
  });
  fake.stream.onDrain(() => room.resume(reader));
  room.join(reader);
  return { ...fake, reader };
}

function setUp() {
  const { state, source } = createFakeSource();
  const onFailure = vi.fn<(error: unknown) => void>();
  const onSent = vi.fn<(messages: number) => void>();
  const limits = { maxMessages: 100, maxBytes: 100_000, keptBytes: 1_000 };
  const room = createRoom({ workspaceId, source, limits, onSent, onFailure });
  return { room, state, source, onFailure, onSent };
}

describe('a room', () => {
  it('reads what is new once and gives all readers the same buffer', async () => {
    const { room, state, source, onSent } = setUp();
    const readers = Array.from({ length: 50 }, () => join(room));
    await room.settled();
    state.last = 1;
    room.wake(1);
    room.wake(1);
    await room.settled();
    expect(source.read).toHaveBeenCalledTimes(1);
    expect(new Set(readers.map(({ frames }) => frames.at(-1))).size).toBe(1);
    expect(onSent).toHaveBeenLastCalledWith(50);
    room.wake(1);
    await room.settled();
    expect(source.read).toHaveBeenCalledTimes(1);
  });

  it('serves everybody who comes back after a restart from one read', async () => {
    const { room, state, source } = setUp();
    state.last = 30;
    const readers = [3, 7, 5, undefined].map((after) => join(room, after));
    await room.settled();
    expect(readers.map(({ messages }) => messages().length)).toEqual([27, 23, 25, 0]);
    expect(source.read).toHaveBeenCalledTimes(1);
    expect(source.audience).toHaveBeenCalledTimes(1);
  });

  it('looks once for a number that never comes', async () => {
    const { room, source } = setUp();
    join(room);
    await room.settled();
    room.wake(1_000_000);
    await room.settled();
    expect(source.read).toHaveBeenCalledTimes(1);
  });

  it('goes on after the database was away, without loss', async () => {
    const { room, state, onFailure } = setUp();
    const reader = join(room);
    await room.settled();
    state.isAway = true;
    state.last = 2;
    room.wake(2);
    await room.settled();
    const late = join(room, 1);
    await room.settled();
    expect(onFailure).toHaveBeenCalled();
    state.isAway = false;
    room.wake();
    await room.settled();
    expect(reader.messages()).toHaveLength(2);
    expect(late.messages()).toHaveLength(1);
  });

  it('writes nothing to a reader that is full, and goes on where it stopped', async () => {
    const { room, state } = setUp();
    const [slow, quick] = [join(room), join(room)];
    await room.settled();
    slow.state.isFull = true;
    for (state.last = 1; state.last <= 5; state.last += 1) {
      room.wake(state.last);
      await room.settled();
    }
    expect(slow.messages()).toHaveLength(0);
    expect(slow.reader.fullSinceMs).toBe(0);
    expect(quick.messages()).toHaveLength(5);
    slow.drain();
    expect(slow.messages()).toEqual(quick.messages());
    expect(slow.reader.fullSinceMs).toBeUndefined();
  });

  it('tells a reader that fell behind the history to read everything anew', async () => {
    const { room, state } = setUp();
    const slow = join(room);
    await room.settled();
    slow.state.isFull = true;
    state.last = 150;
    room.wake(150);
    await room.settled();
    slow.drain();
    expect(slow.messages()).toHaveLength(0);
    expect(slow.texts().at(-1)).toContain('event: resync\nid: 150');
  });

  it('waits for the position of a reader that another process had already told more', async () => {
    const { room, state } = setUp();
    join(room);
    await room.settled();
    state.last = 450;
    const ahead = join(room, 440);
    await room.settled();
    expect(ahead.messages()).toHaveLength(10);
    expect(ahead.texts().join('')).not.toContain('resync');
  });
});
