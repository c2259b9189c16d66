import { loadavg } from 'node:os';

/** One measurement of something that is compared: requests a second, or milliseconds. */
export type Measure = () => Promise<number>;

/** How a subject compares to a baseline. */
export interface Comparison {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly rounds: number;
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

/** The value that `share` of all do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** Every round runs all of them one after another, so that what else happens on the machine meets all alike. */
export async function alternate<Name extends string>(
  contestants: Readonly<Record<Name, Measure>>,
  rounds = 8,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const results = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, measure] of Object.entries<Measure>(contestants)) {
      const value = await measure();
      // the first round warms up
      if (round > 0) {
        results.set(name, [...(results.get(name) ?? []), value]);
      }
    }
  }
  return results;
}

/** The ratios of the rounds, not the ratio of sums: noise that lasts a round cancels out. */
export function compare(subject: readonly number[] = [], baseline: readonly number[] = []): Comparison {
  const ratios = subject.map((value, index) => value / (baseline[index] ?? NaN));
  return {
    median: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    rounds: ratios.length,
  };
}

/** A bound that a figure should keep. */
export interface Target {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Prints figures and keeps count of those that miss their target. */
export interface Report {
  readonly missed: readonly string[];
  /** What must not be, whatever the machine does. */
  readonly failures: readonly string[];
  ratio(what: string, comparison: Comparison, target: Target): void;
  figure(what: string, value: number, unit: string, target?: Target): void;
  note(text: string): void;
  fail(text: string): void;
}

function verdict(value: number, { atLeast, atMost }: Target): { met: boolean; text: string } {
  if (atLeast !== undefined) {
    return { met: value >= atLeast, text: `at least ${atLeast}` };
  }
  return atMost === undefined ? { met: true, text: '' } : { met: value <= atMost, text: `at most ${atMost}` };
}

const round = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** Prints to `write`, one line a figure. */
export function createReport(write: (line: string) => void): Report {
  const missed: string[] = [];
  const failures: string[] = [];
  function line(what: string, text: string, value: number, target: Target): void {
    const { met, text: bound } = verdict(value, target);
    if (!met) {
      missed.push(what);
    }
    const load = loadavg()[0]?.toFixed(2) ?? '?';
    write(`  ${what.padEnd(52)} ${text}${bound === '' ? '' : `  (${bound}: ${met ? 'met' : 'MISSED'})`}  load ${load}`);
  }
  return {
    missed,
    failures,
    ratio: (what, { median: middle, lowest, highest, rounds }, target) =>
      line(
        what,
        `${middle.toFixed(2)}x [${lowest.toFixed(2)}-${highest.toFixed(2)}] in ${rounds} rounds`,
        middle,
        target,
      ),
    figure: (what, value, unit, target = {}) => line(what, `${round(value)} ${unit}`, value, target),
    note: (text) => write(`  ${text}`),
    fail(text) {
      failures.push(text);
      write(`  FAILED: ${text}`);
    },
  };
}
