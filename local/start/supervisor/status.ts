import { z } from 'zod';
import type { Fleet } from './fleet.ts';
import { startOrder } from './program.ts';
import { describeExit, type ProcessState } from './state.ts';

/** What one process looks like from outside. */
export const processStatusSchema = z.object({
  id: z.string(),
  program: z.string(),
  state: z.enum(['STOPPED', 'STARTING', 'RUNNING', 'BACKOFF', 'STOPPING', 'EXITED', 'FATAL']),
  pid: z.number().optional(),
  /** Start of the present state, RFC 3339. */
  since: z.string(),
  /** How often it has been started again. */
  restarts: z.number(),
  /** Whether it is as it should be: running, or ended as expected. */
  ready: z.boolean(),
  /** Such as `exit code 3`, `waiting for postgres`. */
  detail: z.string().optional(),
});

/** What one process looks like from outside. */
export type ProcessStatus = z.infer<typeof processStatusSchema>;

/** Describes every process, in start order. */
export function describeFleet(fleet: Fleet): ProcessStatus[] {
  return startOrder(fleet.programs()).flatMap((name) => {
    const dependencies = fleet.isWaiting(name) ? (fleet.programs()[name]?.dependsOn ?? []) : [];
    const missing = dependencies.filter((dependency) => !fleet.isReady(dependency));
    return fleet.processesOf(name).map((managed) => ({
      id: managed.id,
      program: name,
      state: managed.state.name,
      pid: managed.pid,
      since: managed.since.toISOString(),
      restarts: Math.max(0, managed.starts - 1),
      ready: managed.state.name === 'RUNNING' || (managed.state.name === 'EXITED' && managed.state.expected),
      detail: detailOf(managed.state, missing),
    }));
  });
}

function detailOf(state: ProcessState, missing: readonly string[]): string | undefined {
  switch (state.name) {
    case 'BACKOFF':
      return `failure ${state.failures}, next try after ${state.delayMs} ms`;
    case 'EXITED':
      return `${describeExit(state.exit)}${state.expected ? '' : ' (unexpected)'}`;
    case 'FATAL':
      return state.reason;
    case 'STOPPED':
      return missing.length > 0 ? `waiting for ${missing.join(', ')}` : undefined;
    default:
      return undefined;
  }
}
