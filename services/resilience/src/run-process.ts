import type { Lifecycle, LifecycleLog } from './lifecycle.ts';

/** The part of Node's `process` that is used. */
export interface ProcessHandle {
  on(event: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  on(event: 'uncaughtException' | 'unhandledRejection', listener: (reason: unknown) => void): unknown;
  exit(code: number): void;
}

/** Options of {@link runProcess}. */
export interface RunProcessOptions {
  readonly lifecycle: Lifecycle;
  readonly log: LifecycleLog;
  /** Node's `process`. */
  readonly process: ProcessHandle;
}

const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Ties a lifecycle to the process: starts it, drains on the first SIGTERM or SIGINT and exits 0 when
 * everything stopped cleanly (1 otherwise), exits at once on the second signal (128 + its number),
 * and exits 1 when the start fails or an error was caught by nobody. Resolves when started or ended.
 */
export async function runProcess(options: RunProcessOptions): Promise<void> {
  const { lifecycle, log, process: host } = options;
  let leaving = false;

  async function leave(reason: string, codeWhenClean: number): Promise<void> {
    leaving = true;
    const { unclean } = await lifecycle.stop(reason);
    host.exit(unclean.length === 0 ? codeWhenClean : 1);
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    host.on(signal, () => {
      if (leaving) {
        log.warn({ signal }, 'second signal: leaving at once');
        host.exit(128 + signalNumbers[signal]);
        return;
      }
      void leave(signal, 0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    host.on(event, (reason) => {
      log.error({ err: reason, event }, 'an error was caught by nobody');
      host.exit(1);
    });
  }

  try {
    await lifecycle.start();
  } catch (error) {
    if (!leaving) {
      log.error({ err: error }, 'could not start');
      await leave('start failed', 1);
    }
  }
}
