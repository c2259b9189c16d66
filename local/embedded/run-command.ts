import { execFile } from 'node:child_process';

/** How a command ended, and what it wrote. */
export interface CommandResult {
  readonly ok: boolean;
  readonly stdout: string;
  /** Both outputs, for messages. */
  readonly output: string;
}

/** Settings of {@link runCommand}. */
export interface RunCommandOptions {
  readonly cwd?: string;
  /** The whole environment. @default the caller's */
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
}

/**
 * Runs a program to its end. Never throws: a missing program or a passed deadline is a result that is not ok.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: RunCommandOptions,
): Promise<CommandResult> {
  const { timeoutMs, ...rest } = options;
  return new Promise((resolve) => {
    const child = execFile(
      command,
      args,
      { ...rest, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024, encoding: 'utf8' },
      (error, stdout, stderr) => {
        const reason = error === null ? '' : `\n${error.message}`;
        resolve({ ok: error === null, stdout, output: `${stdout}${stderr}${reason}`.trim() });
      },
    );
    child.stdin?.end();
  });
}
