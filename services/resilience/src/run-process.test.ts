import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createLifecycle, type LifecyclePart } from './lifecycle.ts';
import { runProcess } from './run-process.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Running {
  readonly host: EventEmitter;
  readonly exits: number[];
  readonly clock: FakeClock;
}

async function run(part: LifecyclePart): Promise<Running> {
  const clock = createFakeClock();
  const exits: number[] = [];
  const host = new EventEmitter();
  const exit = (code: number): void => {
    exits.push(code);
  };
  const lifecycle = createLifecycle([part], { log: silent, clock, drainDelayMs: 5_000, gracePeriodMs: 10_000 });
  const running = runProcess({ lifecycle, log: silent, process: Object.assign(host, { exit }) });
  await clock.advance(0);
  await running;
  return { host, exits, clock };
}

describe('runProcess', () => {
  it('drains on SIGTERM and exits 0', async () => {
    const { host, exits, clock } = await run({ name: 'http' });
    host.emit('SIGTERM');
    await clock.advance(4_999);
    expect(exits).toEqual([]);
    await clock.advance(1);
    expect(exits).toEqual([0]);
  });

  it('exits at once on the second signal', async () => {
    const { host, exits, clock } = await run({ name: 'http' });
    host.emit('SIGTERM');
    await clock.advance(100);
    host.emit('SIGINT');
    expect(exits).toEqual([130]);
  });

  it('exits 1 when something did not stop', async () => {
    const stop = (): Promise<void> => new Promise(() => undefined);
    const { host, exits, clock } = await run({ name: 'http', stop });
    host.emit('SIGINT');
    await clock.advance(60_000);
    expect(exits).toEqual([1]);
  });

  it('exits 1 when it cannot start', async () => {
    const start = async (): Promise<void> => {
      throw new Error('address in use');
    };
    const { exits } = await run({ name: 'http', start });
    expect(exits).toEqual([1]);
  });

  it.each(['uncaughtException', 'unhandledRejection'])('exits 1 on %s', async (event) => {
    const { host, exits } = await run({ name: 'http' });
    host.emit(event, new Error('nobody caught this'));
    expect(exits).toEqual([1]);
  });
});
