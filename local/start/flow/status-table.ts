import type { ProcessStatus } from '../supervisor/status.ts';

/** The state of all processes as a table for people. */
export function statusTable(processes: readonly ProcessStatus[], now: Date): string {
  const rows = processes.map(({ id, state, pid, since, restarts, detail }) => [
    id,
    state,
    pid === undefined ? '-' : String(pid),
    duration(now.getTime() - Date.parse(since)),
    String(restarts),
    detail ?? '',
  ]);
  const all = [['PROGRAM', 'STATE', 'PID', 'FOR', 'RESTARTS', ''], ...rows];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** `12 s`, `5 min`, `3 h`, `2 d`. */
function duration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  if (seconds < 120) {
    return `${seconds} s`;
  }
  if (seconds < 7200) {
    return `${Math.floor(seconds / 60)} min`;
  }
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
