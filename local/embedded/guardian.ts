import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * A process that outlives the program that made it by a few seconds, only to end what that program left behind.
 *
 * It is a POSIX shell (about 1 MB) at the other end of a pipe. When the pipe closes - a clean end, a crash or
 * `kill -9` - it sends every process still registered its stop signal and, after the grace time, SIGKILL.
 */
export interface Guardian {
  /** Registers a process group. From here on it cannot outlive this program. */
  watch(processGroupId: number, stopSignal: NodeJS.Signals): void;
  /** Removes a process group that has ended. */
  forget(processGroupId: number): void;
  /** Process id of the guardian itself; undefined when the shell could not be started. */
  readonly pid: number | undefined;
}

/** Settings of {@link startGuardian}. */
export interface GuardianOptions {
  /** How long processes may take after their stop signal. @default 10 */
  readonly graceSeconds?: number;
}

// Reads "watch <group> <signal>" and "forget <group>" lines; end of file means that the owner is gone.
// Signals are ignored, because Ctrl-C reaches the whole terminal group and the guardian has to be last.
const SCRIPT = `
trap '' INT TERM HUP QUIT
list=''
while read -r action group signal; do
  next=''
  for entry in $list; do
    if [ "\${entry%%:*}" != "$group" ]; then next="$next $entry"; fi
  done
  list="$next"
  if [ "$action" = watch ]; then list="$list $group:$signal"; fi
done
for entry in $list; do kill -s "\${entry#*:}" -- "-\${entry%%:*}" 2>/dev/null; done
left=$((GRACE_SECONDS * 5))
while [ "$left" -gt 0 ]; do
  alive=''
  for entry in $list; do
    if kill -s 0 -- "-\${entry%%:*}" 2>/dev/null; then alive=yes; fi
  done
  if [ -z "$alive" ]; then exit 0; fi
  sleep 0.2
  left=$((left - 1))
done
for entry in $list; do kill -s KILL -- "-\${entry%%:*}" 2>/dev/null; done
`;

/**
 * Starts a guardian for the calling process. It never keeps the caller's event loop alive and ends by itself.
 */
export function startGuardian(options: GuardianOptions = {}): Guardian {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', GRACE_SECONDS: String(options.graceSeconds ?? 10) },
  });
  // A machine without a shell loses only this safety net, never the programs themselves.
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  if (shell.stdin instanceof Socket) {
    shell.stdin.unref();
  }
  const send = (line: string): void => {
    if (shell.stdin.writable) {
      shell.stdin.write(`${line}\n`);
    }
  };
  return {
    pid: shell.pid,
    watch: (group, signal) => send(`watch ${group} ${signal.replace(/^SIG/, '')}`),
    forget: (group) => send(`forget ${group}`),
  };
}
