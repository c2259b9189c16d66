import type { Program } from './program.ts';

/** What a process of a program is doing. */
export type ProcessState =
  | { readonly name: 'STOPPED' }
  | { readonly name: 'STARTING'; readonly failures: number }
  | { readonly name: 'RUNNING'; readonly failures: number }
  | { readonly name: 'BACKOFF'; readonly failures: number; readonly delayMs: number }
  | { readonly name: 'STOPPING'; readonly next: AfterStop; readonly failures: number }
  | { readonly name: 'EXITED'; readonly exit: Exit; readonly expected: boolean }
  | { readonly name: 'FATAL'; readonly reason: string };

/** What follows when a stopping process has ended: nothing, a new start, or a failed start to be counted. */
export type AfterStop = 'stay' | 'start' | 'retry';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What can happen to a process: by a person, by the process, by time. */
export type ProcessEvent =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'restart' }
  | { readonly type: 'ready' }
  | { readonly type: 'spawnFailed'; readonly reason: string }
  | { readonly type: 'exited'; readonly exit: Exit; readonly ranForMs: number }
  | { readonly type: 'startTimedOut' }
  | { readonly type: 'stopTimedOut' }
  | { readonly type: 'backoffElapsed' };

/** What the supervisor has to do because of a transition. Timers of the former state always end first. */
export type Effect =
  | { readonly type: 'spawn' }
  | { readonly type: 'signal' }
  | { readonly type: 'kill' }
  | { readonly type: 'armStartTimer' }
  | { readonly type: 'armStopTimer' }
  | { readonly type: 'armBackoffTimer'; readonly delayMs: number };

/** A new state and what it asks for. */
export interface Transition {
  readonly state: ProcessState;
  readonly effects: readonly Effect[];
}

/** The part of a program that decides about its processes' states. */
export type StatePolicy = Pick<
  Program,
  | 'restart'
  | 'maxRestarts'
  | 'stableAfterMs'
  | 'backoffInitialMs'
  | 'backoffMaxMs'
  | 'expectedExitCodes'
  | 'startTimeoutMs'
>;

/** The state every process begins in. */
export const INITIAL_STATE: ProcessState = { name: 'STOPPED' };

/**
 * The whole life of a supervised process as a pure function. An event that means nothing in a state leaves it as it
 * is, without effects: signals, timers and exits may cross each other in any order.
 */
export function transition(state: ProcessState, event: ProcessEvent, policy: StatePolicy): Transition {
  switch (state.name) {
    case 'STOPPED':
    case 'EXITED':
    case 'FATAL':
      return event.type === 'start' || event.type === 'restart' ? launch(0) : stay(state);
    case 'BACKOFF':
      return whileWaiting(state, event);
    case 'STARTING':
      return whileStarting(state, event, policy);
    case 'RUNNING':
      return whileRunning(state, event, policy);
    case 'STOPPING':
      return whileStopping(state, event, policy);
  }
}

/** Whether a process of the operating system exists in this state. */
export function isAlive(state: ProcessState): boolean {
  return state.name === 'STARTING' || state.name === 'RUNNING' || state.name === 'STOPPING';
}

/** Whether programs that depend on this one may start. */
export function satisfiesDependents(state: ProcessState): boolean {
  return state.name === 'RUNNING' || (state.name === 'EXITED' && state.expected);
}

/** Pause before the start that follows this many failures in a row: doubling, up to the limit. */
export function backoffDelayMs(failures: number, policy: StatePolicy): number {
  return Math.min(policy.backoffMaxMs, policy.backoffInitialMs * 2 ** Math.min(failures - 1, 30));
}

/** `exit code 3`, `signal SIGKILL`. */
export function describeExit(exit: Exit): string {
  return exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : `signal ${exit.signal}`;
}

type StateOf<Name extends ProcessState['name']> = Extract<ProcessState, { readonly name: Name }>;

function whileWaiting(state: StateOf<'BACKOFF'>, event: ProcessEvent): Transition {
  switch (event.type) {
    case 'backoffElapsed':
      return launch(state.failures);
    case 'start':
    case 'restart':
      return launch(0);
    case 'stop':
      return { state: { name: 'STOPPED' }, effects: [] };
    default:
      return stay(state);
  }
}

function whileStarting(state: StateOf<'STARTING'>, event: ProcessEvent, policy: StatePolicy): Transition {
  switch (event.type) {
    case 'ready':
      return { state: { name: 'RUNNING', failures: state.failures }, effects: [] };
    case 'startTimedOut':
      return end('retry', state.failures);
    case 'stop':
      return end('stay', 0);
    case 'restart':
      return end('start', 0);
    case 'spawnFailed':
      return fail(state.failures, `cannot be started: ${event.reason}`, policy);
    case 'exited':
      return ended(event.exit, state.failures, policy);
    default:
      return stay(state);
  }
}

function whileRunning(state: StateOf<'RUNNING'>, event: ProcessEvent, policy: StatePolicy): Transition {
  switch (event.type) {
    case 'stop':
      return end('stay', 0);
    case 'restart':
      return end('start', 0);
    case 'exited':
      return ended(event.exit, event.ranForMs >= policy.stableAfterMs ? 0 : state.failures, policy);
    default:
      return stay(state);
  }
}

function whileStopping(state: StateOf<'STOPPING'>, event: ProcessEvent, policy: StatePolicy): Transition {
  switch (event.type) {
    case 'stopTimedOut':
      return { state, effects: [{ type: 'kill' }] };
    case 'stop':
      return { state: { name: 'STOPPING', next: 'stay', failures: 0 }, effects: [] };
    case 'start':
    case 'restart':
      return { state: { name: 'STOPPING', next: 'start', failures: 0 }, effects: [] };
    // Also when the stop came between the attempt to start and its failure.
    case 'spawnFailed':
    case 'exited':
      return afterStop(state, policy);
    default:
      return stay(state);
  }
}

function afterStop(state: StateOf<'STOPPING'>, policy: StatePolicy): Transition {
  switch (state.next) {
    case 'stay':
      return { state: { name: 'STOPPED' }, effects: [] };
    case 'start':
      return launch(0);
    case 'retry':
      return fail(state.failures, `was not ready within ${policy.startTimeoutMs} ms`, policy);
  }
}

function ended(exit: Exit, failures: number, policy: StatePolicy): Transition {
  const expected = exit.signal === null && exit.code !== null && policy.expectedExitCodes.includes(exit.code);
  if (policy.restart === 'never' || (policy.restart === 'on-failure' && expected)) {
    return { state: { name: 'EXITED', exit, expected }, effects: [] };
  }
  return fail(failures, `ended with ${describeExit(exit)}`, policy);
}

function fail(failuresBefore: number, reason: string, policy: StatePolicy): Transition {
  const failures = failuresBefore + 1;
  if (policy.restart === 'never' || failures > policy.maxRestarts) {
    const often = policy.restart === 'never' || policy.maxRestarts === 0 ? '' : `, ${failures} times in a row`;
    return { state: { name: 'FATAL', reason: `${reason}${often}` }, effects: [] };
  }
  const delayMs = backoffDelayMs(failures, policy);
  return { state: { name: 'BACKOFF', failures, delayMs }, effects: [{ type: 'armBackoffTimer', delayMs }] };
}

function launch(failures: number): Transition {
  return { state: { name: 'STARTING', failures }, effects: [{ type: 'spawn' }, { type: 'armStartTimer' }] };
}

function end(next: AfterStop, failures: number): Transition {
  return { state: { name: 'STOPPING', next, failures }, effects: [{ type: 'signal' }, { type: 'armStopTimer' }] };
}

function stay(state: ProcessState): Transition {
  return { state, effects: [] };
}
