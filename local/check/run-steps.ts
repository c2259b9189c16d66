import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import type { Step } from './steps.ts';

/** How many checks and tests passed and failed. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

/** Where steps run and what is told of them. */
export interface RunOptions {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** How many steps of a phase run at once. */
  readonly concurrency: number;
  /** Ends what runs; what was waiting counts as failed. */
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

interface Outcome {
  readonly passed: boolean;
  readonly output: string;
}

const testReport = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });

/**
 * Runs every step of every phase, also after a failure, and prints one line for each: how it ended and how long it
 * took, followed by what it said when it failed.
 */
export async function runSteps(phases: readonly (readonly Step[])[], options: RunOptions): Promise<Totals> {
  const totals: Totals[] = [];
  for (const phase of phases) {
    const waiting = phase.values();
    const work = async (): Promise<void> => {
      for (const step of waiting) totals.push(await runStep(step, options));
    };
    await Promise.all(Array.from({ length: options.concurrency }, work));
  }
  return {
    passed: totals.reduce((sum, { passed }) => sum + passed, 0),
    failed: totals.reduce((sum, { failed }) => sum + failed, 0),
  };
}

async function runStep(step: Step, options: RunOptions): Promise<Totals> {
  const startedAt = performance.now();
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(step.timeoutMs)]);
  let outcome: Outcome = { passed: true, output: '' };
  for (const command of step.commands) {
    if (outcome.passed) outcome = await runCommand(command, step.reportFile !== undefined, signal, options);
  }
  const totals = await count(step, outcome.passed);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const tests = step.reportFile === undefined ? '' : `  ${totals.passed} of ${totals.passed + totals.failed} tests`;
  options.print(`${totals.failed === 0 ? '✓' : '✗'} ${step.name.padEnd(8)}${seconds.padStart(7)} s${tests}`);
  if (!outcome.passed && outcome.output.trim() !== '') options.print(`${outcome.output.trimEnd()}\n`);
  return totals;
}

/** A failed step has at least one failure, whatever its report says: a crash is not a test. */
async function count(step: Step, passed: boolean): Promise<Totals> {
  const own = { passed: passed ? 1 : 0, failed: passed ? 0 : 1 };
  if (step.reportFile === undefined) return own;
  const text = await readFile(step.reportFile, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1 };
  const report = testReport.parse(JSON.parse(text));
  return { passed: report.numPassedTests, failed: Math.max(report.numFailedTests, own.failed) };
}

async function runCommand(
  [program, ...args]: Step['commands'][number],
  shown: boolean,
  signal: AbortSignal,
  { folder, env }: RunOptions,
): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const child = spawn(program, args, {
    cwd: folder,
    env,
    signal,
    stdio: shown ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  child.on('error', (error) => {
    output += signal.aborted ? `ended: ${String(signal.reason)}\n` : `${error.message}\n`;
    if (child.pid === undefined) resolve({ passed: false, output });
  });
  child.on('close', (code) => resolve({ passed: code === 0, output }));
  return promise;
}
