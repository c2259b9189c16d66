import { type Fleet, isAtRest } from './fleet.ts';
import { type Programs, startOrder } from './program.ts';
import { compareProgram } from './program-change.ts';

/** What a reload did, by program names. */
export interface ReloadReport {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly restarted: readonly string[];
  readonly rescaled: readonly string[];
  /** Changed in a way that needs no restart. */
  readonly adjusted: readonly string[];
  readonly unchanged: readonly string[];
}

/**
 * Makes the fleet what the programs say and touches only what differs; resolves when everything touched has settled.
 */
export async function reloadFleet(fleet: Fleet, next: Programs): Promise<ReloadReport> {
  const removed = fleet.names().filter((name) => next[name] === undefined);
  const report: Record<Exclude<keyof ReloadReport, 'removed'>, string[]> = {
    added: [],
    restarted: [],
    rescaled: [],
    adjusted: [],
    unchanged: [],
  };
  for (const [name, program] of Object.entries(next)) {
    const former = fleet.programs()[name];
    report[former === undefined ? 'added' : compareProgram(former, program)].push(name);
  }
  const restart = report.restarted.filter(
    (name) => fleet.isWaiting(name) || !fleet.isGone(name) || fleet.isReady(name),
  );
  const grow = report.rescaled.filter((name) => !fleet.isGone(name));
  await fleet.stop([...removed, ...restart]);
  removed.forEach((name) => fleet.remove(name));
  for (const name of report.rescaled) {
    await stopSurplus(fleet, name, next[name]?.instances ?? 0);
  }
  for (const name of startOrder(next)) {
    const program = next[name];
    if (program !== undefined) {
      fleet.install(name, program);
    }
  }
  const started = [...restart, ...grow, ...report.added.filter((name) => next[name]?.autostart === true)];
  started.forEach((name) => fleet.want(name));
  await fleet.settled(started);
  return { ...report, removed };
}

async function stopSurplus(fleet: Fleet, name: string, instances: number): Promise<void> {
  const surplus = fleet.processesOf(name).slice(instances);
  surplus.forEach((managed) => managed.dispatch({ type: 'stop' }));
  await fleet.until(() => surplus.every(({ state }) => isAtRest(state)));
}
