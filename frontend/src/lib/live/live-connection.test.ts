import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aLiveEvent } from '../../testing/samples.ts';
import { followWorkspace, type LiveHandlers } from './live-connection.ts';

/** A stream that the test speaks on. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static opened: FakeSource[] = [];
  readyState = 1;
  readonly address: string;

  constructor(address: string) {
    super();
    this.address = address;
    FakeSource.opened.push(this);
  }

  say(kind: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
  }

  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
}

function follower() {
  const seen: { events: number[]; states: string[]; resyncs: number } = { events: [], states: [], resyncs: 0 };
  const handlers: LiveHandlers = {
    onEvent: ({ number }) => seen.events.push(number),
    onState: (state) => seen.states.push(state),
    onResync: () => {
      seen.resyncs += 1;
    },
  };
  return { seen, stop: followWorkspace('workspace', handlers) };
}

const last = () => FakeSource.opened.at(-1);

beforeEach(() => {
  FakeSource.opened = [];
  vi.stubGlobal('EventSource', FakeSource);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('followWorkspace', () => {
  it('is live when the stream says so, and hands on what it says', () => {
    const { seen, stop } = follower();
    last()?.say('ready', { lastEventId: 4 });
    last()?.say('message', aLiveEvent({ number: 5 }));
    last()?.say('resync', {});
    expect(seen).toEqual({ events: [5], states: ['live'], resyncs: 1 });
    stop();
    expect(last()?.readyState).toBe(FakeSource.CLOSED);
  });

  it('resumes behind the last event when the server refuses the stream for a while', () => {
    const { seen, stop } = follower();
    last()?.say('ready', { lastEventId: 4 });
    last()?.say('message', aLiveEvent({ number: 7 }));
    last()?.close();
    last()?.dispatchEvent(new Event('error'));
    expect(seen.states).toEqual(['live', 'connecting']);
    vi.advanceTimersByTime(1_000);
    expect(FakeSource.opened).toHaveLength(2);
    expect(last()?.address).toContain('lastEventId=7');
    stop();
  });

  it('leaves a lost connection to the browser, which tries again by itself', () => {
    const { stop } = follower();
    last()?.dispatchEvent(new Event('error'));
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.opened).toHaveLength(1);
    stop();
  });

  it('stops for good when the session or the membership has ended', () => {
    const { seen, stop } = follower();
    last()?.say('end', { reason: 'session' });
    vi.advanceTimersByTime(60_000);
    expect(seen.states).toEqual(['ended']);
    expect(FakeSource.opened).toHaveLength(1);
    stop();
  });
});
