import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CircuitEvent,
  type CircuitGroup,
  type CircuitSettings,
  type CircuitTransition,
  circuitGate,
  circuitState,
  cleanCircuits,
  countRuns,
} from './circuit.ts';
import { stepCircuits } from './circuit-breaker.ts';

const settings: CircuitSettings = {
  failureThreshold: 5,
  cooldownMs: 60_000,
  maxCooldownMs: 200_000,
  probeLeaseMs: 30_000,
};
const startMs = 1_700_000_000_000;

/** A group that lives through events, with a clock that the test turns. */
function createWorld() {
  let group: CircuitGroup = cleanCircuits;
  let nowMs = startMs;
  const transitions: CircuitTransition[] = [];
  const step = (event: CircuitEvent): boolean => {
    const result = stepCircuits(group, event, nowMs, settings);
    group = result.group;
    transitions.push(...result.transitions);
    return result.probeGranted;
  };
  return {
    transitions,
    step,
    wait: (durationMs: number): void => {
      nowMs += durationMs;
    },
    now: () => nowMs,
    succeed: (isProbe = false, atMs = nowMs): boolean => step({ kind: 'succeeded', atMs, count: 1, isProbe }),
    fail: (code = 'HTTP_503', isProbe = false, random = 0): boolean =>
      step({ kind: 'failed', atMs: nowMs, code, isProbe, random }),
    fails(times: number, code = 'HTTP_503'): void {
      for (let turn = 0; turn < times; turn += 1) {
        this.fail(code);
      }
    },
    takeProbe: (): boolean => step({ kind: 'probe-taken' }),
    gate: () => circuitGate(group),
    state(code = 'HTTP_503') {
      const circuit = group.circuits.get(code);
      return circuit === undefined ? 'none' : circuitState(circuit);
    },
    group: () => group,
    causes: () => transitions.map(({ code, from, to, cause }) => `${code} ${from} > ${to}: ${cause}`),
  };
}

describe('a circuit that is closed', () => {
  it('opens with the fifth failure in a row and not before', () => {
    const world = createWorld();
    world.fails(4);
    expect(world.gate()).toBeUndefined();
    world.fail();
    expect(world.causes()).toEqual(['HTTP_503 closed > open: failures-in-a-row']);
    expect(world.gate()).toEqual({
      code: 'HTTP_503',
      probeAtMs: world.now() + 60_000,
      leaseEndsAtMs: undefined,
      failingSinceMs: world.now(),
    });
  });

  it('counts failures of a day, as long as nothing succeeds between them', () => {
    const world = createWorld();
    for (let failure = 0; failure < 5; failure += 1) {
      world.fail();
      world.wait(3_600_000);
    }
    expect(world.state()).toBe('open');
    expect(world.gate()?.failingSinceMs).toBe(startMs);
  });

  it('counts from the start after a success', () => {
    const world = createWorld();
    world.fails(4);
    world.wait(61_000);
    world.succeed();
    world.fails(4);
    expect(world.state()).toBe('closed');
  });

  it('is not told apart from a success that ended before the failure and is reported after it', () => {
    const world = createWorld();
    world.fails(4);
    world.succeed(false, world.now() - 1);
    world.fail();
    expect(world.state()).toBe('open');
  });

  it('counts each code by itself', () => {
    const world = createWorld();
    world.fails(4, 'HTTP_503');
    world.fails(4, 'TIMEOUT');
    expect(world.gate()).toBeUndefined();
  });

  it('opens by five failures within a minute that are half of all runs', () => {
    const world = createWorld();
    for (let pair = 0; pair < 4; pair += 1) {
      world.fail();
      world.succeed();
      world.wait(1_000);
    }
    expect(world.state()).toBe('closed');
    world.fail();
    expect(world.causes()).toEqual(['HTTP_503 closed > open: failures-in-a-minute']);
  });

  it('stays closed when they are less than half, or spread over more than a minute', () => {
    const many = createWorld();
    for (let turn = 0; turn < 20; turn += 1) {
      many.fail();
      many.succeed();
      many.succeed();
    }
    expect(many.state()).toBe('closed');
    const slow = createWorld();
    for (let turn = 0; turn < 20; turn += 1) {
      slow.fail();
      slow.succeed();
      slow.wait(15_000);
    }
    expect(slow.state()).toBe('closed');
  });

  it('knows of the runs from before the first failure when it is told', () => {
    const world = createWorld();
    world.fail();
    world.step({ kind: 'history', atMs: world.now() - 500, count: 20 });
    for (let turn = 0; turn < 4; turn += 1) {
      world.succeed();
      world.fail();
    }
    expect(countRuns(world.group(), 'HTTP_503')).toEqual({ runs: 29, failures: 5 });
    expect(world.state()).toBe('closed');
  });

  it('stays closed over 25 jobs of which every fifth fails with this or that code', () => {
    const world = createWorld();
    const codes = ['HTTP_503', 'TIMEOUT', 'ECONNREFUSED'];
    for (let job = 1; job <= 25; job += 1) {
      if (job % 5 === 0) {
        world.fail(codes[job % 3]);
      } else {
        world.succeed();
      }
    }
    expect(world.transitions).toEqual([]);
    expect(world.gate()).toBeUndefined();
  });

  it('is forgotten once it has nothing left to remember', () => {
    const world = createWorld();
    world.fail();
    world.succeed();
    expect(world.group().circuits.size).toBe(1);
    world.wait(61_000);
    world.step({ kind: 'time-passed' });
    expect(world.group()).toEqual(cleanCircuits);
  });
});

describe('a circuit that is open', () => {
  it('is not closed by successes of attempts that began before it opened', () => {
    const world = createWorld();
    world.fails(5);
    world.wait(90_000);
    world.succeed();
    expect(world.state()).toBe('open');
  });

  it('gives out one probe after the cooldown, to whoever asks first', () => {
    const world = createWorld();
    world.fails(5);
    world.wait(59_999);
    expect(world.takeProbe()).toBe(false);
    world.wait(1);
    expect(world.takeProbe()).toBe(true);
    expect(world.takeProbe()).toBe(false);
    expect(world.state()).toBe('half-open');
    expect(world.gate()).toMatchObject({ probeAtMs: undefined, leaseEndsAtMs: world.now() + 30_000 });
  });

  it('spreads the probe over a tenth of the cooldown', () => {
    const world = createWorld();
    world.fails(4);
    world.fail('HTTP_503', false, 0.5);
    expect(world.gate()?.probeAtMs).toBe(world.now() + 63_000);
  });

  it('closes every circuit of the group with the success of the probe', () => {
    const world = createWorld();
    world.fails(5, 'HTTP_503');
    world.fails(5, 'TIMEOUT');
    world.wait(60_000);
    world.takeProbe();
    world.succeed(true);
    expect(world.gate()).toBeUndefined();
    expect(world.causes().slice(-2)).toEqual([
      'HTTP_503 half-open > closed: probe-succeeded',
      'TIMEOUT half-open > closed: probe-succeeded',
    ]);
  });

  it('starts afresh after that: the next failure alone does not open it', () => {
    const short = { ...settings, cooldownMs: 1_000 };
    let group = cleanCircuits;
    const run = (event: CircuitEvent, nowMs: number): void => {
      group = stepCircuits(group, event, nowMs, short).group;
    };
    const failed = { kind: 'failed', atMs: startMs, code: 'HTTP_503', isProbe: false, random: 0 } as const;
    for (let failure = 0; failure < 5; failure += 1) {
      run(failed, startMs);
    }
    run({ kind: 'probe-taken' }, startMs + 1_000);
    run({ kind: 'succeeded', atMs: startMs + 1_100, count: 1, isProbe: true }, startMs + 1_100);
    run({ ...failed, atMs: startMs + 1_200 }, startMs + 1_200);
    expect(circuitGate(group)).toBeUndefined();
  });

  it('waits twice as long after each probe that fails, whatever its code, up to the longest cooldown', () => {
    const world = createWorld();
    world.fails(5);
    const cooldowns: number[] = [];
    for (let probe = 0; probe < 4; probe += 1) {
      world.wait((world.gate()?.probeAtMs ?? 0) - world.now());
      expect(world.takeProbe()).toBe(true);
      world.fail('TIMEOUT', true);
      cooldowns.push((world.gate()?.probeAtMs ?? 0) - world.now());
    }
    expect(cooldowns).toEqual([120_000, 200_000, 200_000, 200_000]);
    expect(world.causes().at(-1)).toBe('HTTP_503 half-open > open: probe-failed');
  });

  it('gives out another probe at once when one is lost or handed back', () => {
    const world = createWorld();
    world.fails(5);
    world.wait(60_000);
    world.takeProbe();
    world.wait(29_999);
    expect(world.takeProbe()).toBe(false);
    world.wait(1);
    expect(world.takeProbe()).toBe(true);
    world.step({ kind: 'probe-returned' });
    expect(world.takeProbe()).toBe(true);
    expect(world.causes().slice(1)).toEqual([
      'HTTP_503 open > half-open: probe-sent',
      'HTTP_503 half-open > open: probe-lost',
      'HTTP_503 open > half-open: probe-sent',
      'HTTP_503 half-open > open: probe-returned',
      'HTTP_503 open > half-open: probe-sent',
    ]);
  });

  it('still hears a probe that took longer than its lease', () => {
    const world = createWorld();
    world.fails(5);
    world.wait(60_000);
    world.takeProbe();
    world.wait(31_000);
    world.fail('HTTP_503', true);
    expect(world.gate()?.probeAtMs).toBe(world.now() + 120_000);
    world.succeed(true);
    expect(world.gate()).toBeUndefined();
  });

  it('is closed by an operator', () => {
    const world = createWorld();
    world.fails(5);
    world.step({ kind: 'reset', code: 'HTTP_503' });
    expect(world.gate()).toBeUndefined();
    expect(world.causes().at(-1)).toBe('HTTP_503 open > closed: reset');
  });
});

describe('modes', () => {
  it('forced open gates without ever probing, and goes back to what it found out itself', () => {
    const world = createWorld();
    world.step({ kind: 'mode', code: 'HTTP_503', mode: 'open' });
    world.wait(1_000_000);
    expect(world.takeProbe()).toBe(false);
    world.succeed(true);
    expect(world.gate()).toEqual({
      code: 'HTTP_503',
      probeAtMs: undefined,
      leaseEndsAtMs: undefined,
      failingSinceMs: undefined,
    });
    world.step({ kind: 'mode', code: 'HTTP_503', mode: 'auto' });
    expect(world.gate()).toBeUndefined();
  });

  it('forced closed never gates and starts afresh afterwards', () => {
    const world = createWorld();
    world.fails(5);
    world.step({ kind: 'mode', code: 'HTTP_503', mode: 'closed' });
    world.fails(20);
    expect(world.gate()).toBeUndefined();
    expect(world.state()).toBe('closed');
    world.wait(61_000);
    world.step({ kind: 'mode', code: 'HTTP_503', mode: 'auto' });
    world.fails(4);
    expect(world.state()).toBe('closed');
  });

  it('observe shows what would happen, and gates nothing', () => {
    const world = createWorld();
    world.step({ kind: 'mode', code: 'HTTP_503', mode: 'observe' });
    world.fails(5);
    expect(world.state()).toBe('open');
    expect(world.gate()).toBeUndefined();
    expect(world.takeProbe()).toBe(false);
    world.wait(59_000);
    world.succeed();
    expect(world.state()).toBe('open');
    world.wait(1_000);
    world.fail();
    world.wait(120_000);
    world.succeed();
    expect(world.causes()).toEqual([
      'HTTP_503 closed > closed: mode-observe',
      'HTTP_503 closed > open: failures-in-a-row',
      'HTTP_503 open > open: trial-failed',
      'HTTP_503 open > closed: trial-succeeded',
    ]);
  });

  it('another code still gates beside an observed one', () => {
    const world = createWorld();
    world.step({ kind: 'mode', code: 'HTTP_503', mode: 'observe' });
    world.fails(5, 'TIMEOUT');
    expect(world.gate()?.code).toBe('TIMEOUT');
  });
});

describe('whatever happens', () => {
  const code = fc.constantFrom('A', 'B');
  const event = fc.oneof(
    fc.record({ kind: fc.constant('fail' as const), code, isProbe: fc.boolean() }),
    fc.record({ kind: fc.constant('succeed' as const), isProbe: fc.boolean() }),
    fc.record({ kind: fc.constant('probe' as const) }),
    fc.record({ kind: fc.constant('wait' as const), forMs: fc.integer({ min: 0, max: 90_000 }) }),
  );

  it('at most one probe is out at any time, and none before its time', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        const world = createWorld();
        let leasedUntilMs = 0;
        for (const happened of events) {
          if (happened.kind === 'wait') {
            world.wait(happened.forMs);
          } else if (happened.kind === 'fail') {
            world.fail(happened.code, happened.isProbe);
            leasedUntilMs = happened.isProbe ? 0 : leasedUntilMs;
          } else if (happened.kind === 'succeed') {
            world.succeed(happened.isProbe);
            leasedUntilMs = happened.isProbe ? 0 : leasedUntilMs;
          } else {
            const dueAtMs = world.gate()?.probeAtMs;
            if (world.takeProbe()) {
              expect(leasedUntilMs).toBeLessThanOrEqual(world.now());
              expect(dueAtMs ?? leasedUntilMs).toBeLessThanOrEqual(world.now());
              leasedUntilMs = world.now() + settings.probeLeaseMs;
            }
          }
        }
      }),
    );
  });
});
