import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Readiness } from './program.ts';

/** What a probe may use of the process it asks about. */
export interface ProbeContext {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Calls back for every line of output until the signal aborts. */
  onLine(listener: (line: string) => void, signal: AbortSignal): void;
  /** Ends the wait; the promise then stays unsettled or resolves false. */
  readonly signal: AbortSignal;
}

/**
 * Waits until a program is ready; resolves false when the wait was aborted. There is no deadline here: the start
 * timeout of the program is the deadline.
 */
export async function waitUntilReady(readiness: Readiness, context: ProbeContext): Promise<boolean> {
  switch (readiness.kind) {
    case 'none':
      return true;
    case 'completed':
      // Ready is when it has ended well, which its exit tells.
      return false;
    case 'log':
      return waitForLine(new RegExp(readiness.pattern), context);
    case 'http':
      return poll(readiness, context, () => httpAnswers(readiness.url, readiness.attemptTimeoutMs, context.signal));
    case 'tcp':
      return poll(readiness, context, () => tcpAnswers(readiness.host, readiness.port, readiness.attemptTimeoutMs));
    case 'command':
      return poll(readiness, context, () => commandSucceeds(readiness, context));
  }
}

async function poll(
  pace: { readonly intervalMs: number },
  context: ProbeContext,
  attempt: () => Promise<boolean>,
): Promise<boolean> {
  while (!context.signal.aborted) {
    if (await attempt()) {
      return !context.signal.aborted;
    }
    await delay(pace.intervalMs, undefined, { signal: context.signal }).catch(() => undefined);
  }
  return false;
}

function waitForLine(pattern: RegExp, context: ProbeContext): Promise<boolean> {
  return new Promise((resolve) => {
    context.onLine((line) => {
      if (pattern.test(line)) {
        resolve(true);
      }
    }, context.signal);
    context.signal.addEventListener('abort', () => resolve(false), { once: true });
  });
}

async function httpAnswers(url: string, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    await response.body?.cancel();
    return response.status < 400;
  } catch {
    return false;
  }
}

function tcpAnswers(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const finish = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
  });
}

function commandSucceeds(
  readiness: Extract<Readiness, { readonly kind: 'command' }>,
  context: ProbeContext,
): Promise<boolean> {
  return new Promise((resolve) => {
    const options = {
      env: context.env,
      cwd: context.cwd,
      timeout: readiness.attemptTimeoutMs,
      killSignal: 'SIGKILL' as const,
    };
    execFile(readiness.command, readiness.args, options, (error) => resolve(error === null));
  });
}
