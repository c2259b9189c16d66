import { describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createLifecycle, type Lifecycle, type LifecycleOptions, type LifecyclePart } from './lifecycle.ts';

const never = (): Promise<never> => new Promise(() => undefined);

/** A part that writes down what happens to it. */
function recorded(name: string, events: string[], part: Partial<LifecyclePart> = {}): LifecyclePart {
  return {
    name,
    async start(signal) {
      events.push(`start ${name}`);
      await part.start?.(signal);
    },
    async stop(signal) {
      events.push(`stop ${name}`);
      await part.stop?.(signal);
    },
    ...(part.check && { check: part.check }),
    ...(part.isWaitable && { isWaitable: part.isWaitable }),
    ...(part.stopTimeoutMs !== undefined && { stopTimeoutMs: part.stopTimeoutMs }),
  };
}

interface Setup {
  readonly lifecycle: Lifecycle;
  readonly clock: FakeClock;
  readonly lines: string[];
}

function setUp(parts: readonly LifecyclePart[], options: Partial<LifecycleOptions> = {}): Setup {
  const clock = createFakeClock();
  const lines: string[] = [];
  const write = (_fields: object, message: string): void => {
    lines.push(message);
  };
  const log = { info: write, warn: write, error: write };
  const timing = { drainDelayMs: 5_000, gracePeriodMs: 25_000, random: () => 0.5 };
  return { lifecycle: createLifecycle(parts, { log, clock, ...timing, ...options }), clock, lines };
}

describe('a lifecycle that starts', () => {
  it('starts its parts one after another and is ready after the last', async () => {
    const events: string[] = [];
    const { lifecycle } = setUp(['database', 'redis', 'http'].map((name) => recorded(name, events)));
    expect(lifecycle.state).toBe('starting');
    await lifecycle.start();
    expect(lifecycle.state).toBe('ready');
    expect(events).toEqual(['start database', 'start redis', 'start http']);
    expect(await lifecycle.readiness()).toEqual({ ready: true, reasons: [] });
  });

  it('waits with backoff for a part that may come later and says for which', async () => {
    let tries = 0;
    const database: LifecyclePart = {
      name: 'database',
      isWaitable: () => true,
      async start() {
        tries += 1;
        if (tries < 3) {
          throw new Error('connection refused');
        }
      },
    };
    const { lifecycle, clock, lines } = setUp([database]);
    const started = lifecycle.start();
    await clock.advance(0);
    expect(await lifecycle.readiness()).toEqual({ ready: false, reasons: ['starting: waiting for database'] });
    await clock.advance(10_000);
    await started;
    expect(clock.delays).toEqual([100, 200]);
    expect(lines).toEqual(['waiting for database', 'waiting for database', 'ready']);
  });

  it('fails when a part fails for good, and stops what it had started', async () => {
    const events: string[] = [];
    const broken = recorded('http', events, {
      start: async () => {
        throw new Error('address in use');
      },
    });
    const { lifecycle, clock } = setUp([recorded('database', events), broken, recorded('later', events)]);
    await expect(lifecycle.start()).rejects.toThrow('address in use');
    const stopped = lifecycle.stop('start failed');
    await clock.advance(0);
    expect(await stopped).toEqual({ unclean: [] });
    expect(events).toEqual(['start database', 'start http', 'stop http', 'stop database']);
  });

  it('gives up waiting when it is told to leave, without a drain delay', async () => {
    const waiting: LifecyclePart = {
      name: 'database',
      isWaitable: () => true,
      start: async () => {
        throw new Error('connection refused');
      },
    };
    const { lifecycle, clock } = setUp([waiting]);
    const failure = lifecycle.start().catch((error: unknown) => error);
    await clock.advance(50);
    const stopped = lifecycle.stop('SIGTERM');
    await clock.advance(0);
    expect(await failure).toEqual(new Error('told to leave: SIGTERM'));
    expect(await stopped).toEqual({ unclean: [] });
    expect(lifecycle.state).toBe('stopped');
  });
});

describe('a lifecycle that is ready', () => {
  it('is not fit for traffic while a check fails, and is again when it passes', async () => {
    let reachable = false;
    const check = async (): Promise<void> => {
      if (!reachable) {
        throw new Error('connection refused');
      }
    };
    const { lifecycle } = setUp([{ name: 'database', check }]);
    await lifecycle.start();
    expect(await lifecycle.readiness()).toEqual({ ready: false, reasons: ['database: connection refused'] });
    reachable = true;
    expect(await lifecycle.readiness()).toEqual({ ready: true, reasons: [] });
  });

  it('takes a check that does not answer for a failed one', async () => {
    const { lifecycle, clock } = setUp([{ name: 'database', check: never }], { checkTimeoutMs: 500 });
    await lifecycle.start();
    const report = lifecycle.readiness();
    await clock.advance(500);
    expect(await report).toEqual({ ready: false, reasons: ['database: the check took longer than 500 ms'] });
  });
});

describe('a lifecycle that stops', () => {
  it('fails readiness at once, serves on for the drain delay, then stops in reverse order', async () => {
    const events: string[] = [];
    const { lifecycle, clock } = setUp(['database', 'redis', 'http'].map((name) => recorded(name, events)));
    await lifecycle.start();
    events.length = 0;
    const stopped = lifecycle.stop('SIGTERM');
    expect(await lifecycle.readiness()).toEqual({ ready: false, reasons: ['draining'] });
    await clock.advance(4_999);
    expect(events).toEqual([]);
    await clock.advance(1);
    expect(await stopped).toEqual({ unclean: [] });
    expect(events).toEqual(['stop http', 'stop redis', 'stop database']);
    expect(lifecycle.state).toBe('stopped');
  });

  it('tells a part that is too slow to end now, and goes on when even that does not help', async () => {
    const events: string[] = [];
    let toldAtMs = 0;
    const stuck = recorded('http', events, {
      stop(signal) {
        signal.addEventListener('abort', () => {
          toldAtMs = clock.now();
        });
        return never();
      },
    });
    const { lifecycle, clock } = setUp([recorded('database', events), stuck]);
    await lifecycle.start();
    const stopped = lifecycle.stop('SIGTERM');
    await clock.advance(31_000);
    expect(await stopped).toEqual({ unclean: ['http'] });
    expect(toldAtMs).toBe(30_000);
    expect(events).toContain('stop database');
  });

  it('is clean when a part ends as soon as it is told to', async () => {
    const streams: LifecyclePart = {
      name: 'streams',
      stopTimeoutMs: 2_000,
      stop: (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve());
        }),
    };
    const { lifecycle, clock } = setUp([streams]);
    await lifecycle.start();
    const stopped = lifecycle.stop('SIGTERM');
    await clock.advance(7_000);
    expect(await stopped).toEqual({ unclean: [] });
  });

  it('goes on when a part fails to stop, and names it', async () => {
    const events: string[] = [];
    const broken = recorded('redis', events, {
      stop: async () => {
        throw new Error('already closed');
      },
    });
    const { lifecycle, clock } = setUp([recorded('database', events), broken]);
    await lifecycle.start();
    const stopped = lifecycle.stop('SIGTERM');
    await clock.advance(5_000);
    expect(await stopped).toEqual({ unclean: ['redis'] });
    expect(events).toContain('stop database');
  });

  it('stops once, however often it is told', async () => {
    const events: string[] = [];
    const { lifecycle, clock } = setUp([recorded('http', events)]);
    await lifecycle.start();
    const both = Promise.all([lifecycle.stop('SIGTERM'), lifecycle.stop('SIGTERM')]);
    await clock.advance(5_000);
    await both;
    expect(events).toEqual(['start http', 'stop http']);
  });
});
