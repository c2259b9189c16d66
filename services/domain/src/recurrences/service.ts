import type { Recurrence } from '@taskflow/contract/tasks';
import type { Executor } from '@taskflow/db';
import type { TaskAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import { invalid, notFound } from '../core/errors.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { nextOccurrence } from './occurrences.ts';
import { deleteRecurrence, findRecurrence, lockDatedTask, putRecurrence } from './repository.ts';

/** How tasks repeat. */
export interface RecurrenceService {
  /** Null when the task does not repeat, or when its next one was made already. */
  get(access: TaskAccess): Promise<Recurrence | null>;
  /** Whoever may write the task. @throws DomainError `forbidden`; `invalid` for a task without a due date and for a rule without a next date */
  put(unit: UnitOfWork, access: TaskAccess, recurrence: Recurrence): Promise<void>;
  /** @throws DomainError `forbidden` */
  remove(unit: UnitOfWork, access: TaskAccess): Promise<void>;
}

/** Reads run on `executor`. */
export function createRecurrenceService({ executor }: { executor: Executor }): RecurrenceService {
  return {
    get: async ({ task }) => (await findRecurrence(executor, task.id)) ?? null,

    async put(unit, access, recurrence) {
      authorize(access, 'task.write');
      const task = await lockDatedTask(unit, access.task.id);
      if (task === undefined) {
        throw notFound();
      }
      if (task.dueAt === null) {
        throw invalid('rule', 'counts from the due date, and the task has none');
      }
      await assertGoesOn(recurrence, task.dueAt);
      const before = await findRecurrence(unit, access.task.id);
      await putRecurrence(unit, {
        ...recurrence,
        taskId: access.task.id,
        workspaceId: access.workspace.id,
        startsAt: task.dueAt,
        setBy: access.caller.userId,
      });
      record(unit, access, task.title, { from: before?.rule ?? null, to: recurrence.rule });
    },

    async remove(unit, access) {
      authorize(access, 'task.write');
      const task = await lockDatedTask(unit, access.task.id);
      const before = await findRecurrence(unit, access.task.id);
      if (task !== undefined && before !== undefined) {
        await deleteRecurrence(unit, access.task.id);
        record(unit, access, task.title, { from: before.rule, to: null });
      }
    },
  };
}

async function assertGoesOn({ rule, timeZone }: Recurrence, startsAt: Date): Promise<void> {
  let next: Date | undefined;
  try {
    next = await nextOccurrence({ rule, startsAt, timeZone }, startsAt);
  } catch (error) {
    if (!(error instanceof RangeError)) {
      throw error;
    }
  }
  if (next === undefined) {
    throw invalid('rule', 'has no date after the due date');
  }
}

function record(
  unit: UnitOfWork,
  { caller, workspace, project, task }: TaskAccess,
  subject: string,
  change: { readonly from: string | null; readonly to: string | null },
): void {
  unit.record({
    workspaceId: workspace.id,
    type: 'task.updated',
    actorId: caller.userId,
    projectId: project.id,
    taskId: task.id,
    subject,
    changes: { recurrence: change },
  });
}
