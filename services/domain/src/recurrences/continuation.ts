import type { UnitOfWork, UnitOfWorkRunner } from '../core/unit-of-work.ts';
import { copyTaskTree } from './copy-task.ts';
import { nextOccurrence } from './occurrences.ts';
import { endRecurrence, lockReady, passOn, type RecurringScope, type RecurringTask } from './repository.ts';

/** Makes the next tasks of those that repeat. Of each task there is one, whoever makes it and however often. */
export interface Continuation {
  /** Of tasks that were completed in a range of activity. @returns how many */
  fanOut(unit: UnitOfWork, range: Omit<Extract<RecurringScope, { kind: 'range' }>, 'kind'>): Promise<number>;
  /** Of all whose time has come. @returns how many */
  continueAll(signal: AbortSignal): Promise<number>;
}

/** A rule of which no date can be found has none. */
function unlessNoRule(error: unknown): undefined {
  if (!(error instanceof RangeError)) {
    throw error;
  }
  return undefined;
}

/** Tasks of one transaction. */
const batchSize = 50;

/** @param options.newId makes ids of new tasks */
export function createContinuation(options: {
  readonly units: Pick<UnitOfWorkRunner, 'run'>;
  readonly newId: () => string;
  readonly now: () => Date;
}): Continuation {
  const { units, newId, now } = options;

  /** Dates that nobody was there for are passed over: there is one next task, and it lies ahead. */
  async function makeNext(unit: UnitOfWork, task: RecurringTask): Promise<boolean> {
    const { taskId, workspaceId, projectId, setBy } = task;
    const due = task.dueAt ?? task.startsAt;
    const dueAt = await nextOccurrence(task, due > now() ? due : now()).catch(unlessNoRule);
    if (dueAt === undefined) {
      await endRecurrence(unit, taskId);
      return false;
    }
    const byMs = dueAt.getTime() - due.getTime();
    const copies = await copyTaskTree(unit, { taskId, projectId, dueAt, byMs, createdBy: setBy, newId });
    for (const { id, title, assigneeIds } of copies) {
      unit.record({
        workspaceId,
        type: 'task.created',
        actorId: setBy,
        projectId,
        taskId: id,
        subject: title,
        changes: assigneeIds.length === 0 ? {} : { assigneeIds: { to: assigneeIds } },
      });
    }
    const [next] = copies;
    if (next !== undefined) {
      await passOn(unit, taskId, next.id);
    }
    return next !== undefined;
  }

  async function makeReady(unit: UnitOfWork, scope: RecurringScope): Promise<{ ready: number; made: number }> {
    const ready = await lockReady(unit, scope);
    let made = 0;
    for (const task of ready) {
      made += (await makeNext(unit, task)) ? 1 : 0;
    }
    return { ready: ready.length, made };
  }

  return {
    fanOut: async (unit, range) => (await makeReady(unit, { kind: 'range', ...range })).made,

    async continueAll(signal) {
      let total = 0;
      for (;;) {
        signal.throwIfAborted();
        const scope = { kind: 'all', now: now(), limit: batchSize } as const;
        const { ready, made } = await units.run((unit) => makeReady(unit, scope));
        total += made;
        if (ready < batchSize) {
          return total;
        }
      }
    },
  };
}
