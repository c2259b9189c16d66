import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backoffDelayMs,
  INITIAL_STATE,
  isAlive,
  type ProcessEvent,
  type ProcessState,
  type StatePolicy,
  transition,
} from './state.ts';

const policy: StatePolicy = {
  restart: 'on-failure',
  maxRestarts: 3,
  stableAfterMs: 1000,
  backoffInitialMs: 100,
  backoffMaxMs: 1000,
  expectedExitCodes: [0],
  startTimeoutMs: 5000,
};

const crash: ProcessEvent = { type: 'exited', exit: { code: 1, signal: null }, ranForMs: 10 };
const success: ProcessEvent = { type: 'exited', exit: { code: 0, signal: null }, ranForMs: 10 };

function after(events: readonly ProcessEvent[], overrides: Partial<StatePolicy> = {}): ProcessState {
  let state = INITIAL_STATE;
  for (const event of events) {
    state = transition(state, event, { ...policy, ...overrides }).state;
  }
  return state;
}

describe('transition', () => {
  it('runs from start to ready', () => {
    expect(after([{ type: 'start' }])).toEqual({ name: 'STARTING', failures: 0 });
    expect(after([{ type: 'start' }, { type: 'ready' }])).toEqual({ name: 'RUNNING', failures: 0 });
  });

  it('waits longer after each failure in a row and then gives up', () => {
    const row: ProcessEvent[] = [{ type: 'start' }, crash];
    expect(after(row)).toEqual({ name: 'BACKOFF', failures: 1, delayMs: 100 });
    row.push({ type: 'backoffElapsed' }, crash);
    expect(after(row)).toEqual({ name: 'BACKOFF', failures: 2, delayMs: 200 });
    row.push({ type: 'backoffElapsed' }, { type: 'ready' }, crash);
    expect(after(row)).toEqual({ name: 'BACKOFF', failures: 3, delayMs: 400 });
    row.push({ type: 'backoffElapsed' }, crash);
    expect(after(row)).toEqual({ name: 'FATAL', reason: 'ended with exit code 1, 4 times in a row' });
  });

  it('forgets earlier failures after a stable run', () => {
    const stable: ProcessEvent = { ...crash, ranForMs: 1000 };
    const events: ProcessEvent[] = [{ type: 'start' }, crash, { type: 'backoffElapsed' }, { type: 'ready' }, stable];
    expect(after(events)).toEqual({ name: 'BACKOFF', failures: 1, delayMs: 100 });
  });

  it('counts a start that takes too long as a failure, once the process is gone', () => {
    expect(after([{ type: 'start' }, { type: 'startTimedOut' }])).toMatchObject({ name: 'STOPPING', next: 'retry' });
    expect(after([{ type: 'start' }, { type: 'startTimedOut' }, crash])).toMatchObject({
      name: 'BACKOFF',
      failures: 1,
    });
  });

  it('leaves an expected exit alone unless it restarts always', () => {
    const exit = { code: 0, signal: null };
    expect(after([{ type: 'start' }, success])).toEqual({ name: 'EXITED', exit, expected: true });
    expect(after([{ type: 'start' }, success], { restart: 'always' })).toMatchObject({ name: 'BACKOFF' });
  });

  it('never restarts a program that says so, and tells an expected end from another', () => {
    expect(after([{ type: 'start' }, crash], { restart: 'never' })).toMatchObject({ name: 'EXITED', expected: false });
    expect(after([{ type: 'start' }, { type: 'spawnFailed', reason: 'ENOENT' }], { restart: 'never' })).toEqual({
      name: 'FATAL',
      reason: 'cannot be started: ENOENT',
    });
  });

  it('treats a signal as a failure, whatever exit codes are expected', () => {
    const killed: ProcessEvent = { type: 'exited', exit: { code: null, signal: 'SIGKILL' }, ranForMs: 10 };
    expect(after([{ type: 'start' }, { type: 'ready' }, killed])).toMatchObject({ name: 'BACKOFF', failures: 1 });
  });

  it('kills what ignores the stop signal', () => {
    const stopping = after([{ type: 'start' }, { type: 'ready' }, { type: 'stop' }]);
    expect(transition(stopping, { type: 'stopTimedOut' }, policy).effects).toEqual([{ type: 'kill' }]);
  });

  it('starts again when asked to while it stops, and stays down when asked to while it restarts', () => {
    const running: ProcessEvent[] = [{ type: 'start' }, { type: 'ready' }];
    expect(after([...running, { type: 'stop' }, { type: 'start' }, success])).toMatchObject({ name: 'STARTING' });
    expect(after([...running, { type: 'restart' }, { type: 'stop' }, success])).toEqual({ name: 'STOPPED' });
  });
});

const exitArbitrary = fc.oneof(
  fc.record({ code: fc.integer({ min: 0, max: 255 }), signal: fc.constant(null) }),
  fc.record({ code: fc.constant(null), signal: fc.constantFrom('SIGTERM', 'SIGKILL') }),
);
const eventArbitrary: fc.Arbitrary<ProcessEvent> = fc.oneof(
  fc.constantFrom<ProcessEvent>(
    { type: 'start' },
    { type: 'stop' },
    { type: 'restart' },
    { type: 'ready' },
    { type: 'startTimedOut' },
    { type: 'stopTimedOut' },
    { type: 'backoffElapsed' },
  ),
  fc.record({ type: fc.constant('spawnFailed' as const), reason: fc.string() }),
  fc.record({ type: fc.constant('exited' as const), exit: exitArbitrary, ranForMs: fc.nat(5000) }),
);
const policyArbitrary: fc.Arbitrary<StatePolicy> = fc.record({
  restart: fc.constantFrom('always' as const, 'on-failure' as const, 'never' as const),
  maxRestarts: fc.nat(5),
  stableAfterMs: fc.nat(5000),
  backoffInitialMs: fc.nat(500),
  backoffMaxMs: fc.nat(5000),
  expectedExitCodes: fc.array(fc.nat(255), { maxLength: 3 }),
  startTimeoutMs: fc.nat(5000),
});

/** Drives a process the way the supervisor does: what cannot happen to a process that is not there does not happen. */
function run(policyUnderTest: StatePolicy, events: readonly ProcessEvent[], visit: (step: Step) => void): void {
  let state = INITIAL_STATE;
  for (const event of events) {
    const comesFromProcess = event.type === 'exited' || event.type === 'spawnFailed' || event.type === 'ready';
    if (!comesFromProcess || isAlive(state)) {
      const result = transition(state, event, policyUnderTest);
      visit({ from: state, event, to: result.state, effects: result.effects.map((effect) => effect.type) });
      state = result.state;
    }
  }
}

function isGone(event: ProcessEvent): boolean {
  return event.type === 'exited' || event.type === 'spawnFailed';
}

interface Step {
  readonly from: ProcessState;
  readonly event: ProcessEvent;
  readonly to: ProcessState;
  readonly effects: readonly string[];
}

function checkAlways(check: (step: Step, used: StatePolicy) => void): void {
  fc.assert(
    fc.property(policyArbitrary, fc.array(eventArbitrary, { maxLength: 40 }), (used, events) => {
      run(used, events, (step) => check(step, used));
    }),
  );
}

describe('transition, for any policy and any order of events', () => {
  it('spawns exactly when no process exists and one is wanted', () => {
    checkAlways(({ from, event, to, effects }) => {
      const spawns = effects.includes('spawn');
      expect(spawns).toBe(to.name === 'STARTING' && (from.name !== 'STARTING' || isGone(event)));
      expect(spawns && isAlive(from) && !isGone(event)).toBe(false);
    });
  });

  it('never forgets a process that is alive', () => {
    checkAlways(({ from, event, to }) => {
      expect(isAlive(from) && !isGone(event) && !isAlive(to)).toBe(false);
    });
  });

  it('leaves STOPPING when the process is gone and only then', () => {
    checkAlways(({ from, event, to }) => {
      expect(from.name === 'STOPPING' && to.name === 'STOPPING' && isGone(event)).toBe(false);
      expect(from.name === 'STOPPING' && to.name !== 'STOPPING' && !isGone(event)).toBe(false);
    });
  });

  it('is on its way down or at rest after a stop', () => {
    checkAlways(({ event, to }) => {
      const down = ['STOPPED', 'STOPPING', 'EXITED', 'FATAL'].includes(to.name);
      expect(event.type === 'stop' && !down).toBe(false);
    });
  });

  it('arms a timer for every state that waits, and within its limits', () => {
    checkAlways(({ from, to, effects }, used) => {
      const entered = (name: ProcessState['name']): boolean => to.name === name && from.name !== name;
      const armed = { start: 'armStartTimer', stop: 'armStopTimer', backoff: 'armBackoffTimer' };
      expect(entered('STARTING') && !effects.includes(armed.start)).toBe(false);
      expect(entered('STOPPING') && !effects.includes(armed.stop)).toBe(false);
      expect(entered('BACKOFF') && !effects.includes(armed.backoff)).toBe(false);
      expect(to.name === 'BACKOFF' && (to.failures > used.maxRestarts || to.delayMs > used.backoffMaxMs)).toBe(false);
    });
  });

  it('restarts by itself only as the program says', () => {
    checkAlways(({ to }, used) => {
      expect(to.name === 'BACKOFF' && used.restart === 'never').toBe(false);
      expect(to.name === 'EXITED' && used.restart === 'always').toBe(false);
    });
  });
});

describe('backoffDelayMs', () => {
  it('never shrinks and stays finite for any number of failures', () => {
    fc.assert(
      fc.property(policyArbitrary, fc.integer({ min: 1, max: 10_000 }), (used, failures) => {
        const delay = backoffDelayMs(failures, used);
        expect(delay).toBeLessThanOrEqual(backoffDelayMs(failures + 1, used));
        expect(Number.isFinite(delay)).toBe(true);
      }),
    );
  });
});
