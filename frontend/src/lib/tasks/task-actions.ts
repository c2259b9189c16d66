import type { CreateTaskBody, MoveTaskBody, Task } from '@taskflow/contract/tasks';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { call } from '../api/client.ts';
import { isProblem } from '../api/problem.ts';
import { t } from '../messages/translate.ts';
import { notifyDone, notifyProblem, notifyUndo } from '../notify.ts';
import { askConflict } from './conflicts.ts';
import { hidePending, showPending, type TaskChanges } from './pending-changes.ts';
import { baseOf, saveTask, type TaskEdit } from './save-task.ts';
import { findTask, removeTask, upsertTask } from './task-cache.ts';

/** Where a task goes on its board: a column, and its new neighbours there. */
export interface MoveTarget {
  readonly statusId: string;
  readonly category: Task['category'];
  readonly above: Task | undefined;
  readonly below: Task | undefined;
}

/** Everything that a person can do to a task. Changes show at once; a refusal takes them back and says why. */
export interface TaskActions {
  /** Saves changes; `shown` are further fields that follow from them (a status brings its category). */
  patch(task: Task, changes: TaskEdit, shown?: TaskChanges): Promise<void>;
  move(task: Task, target: MoveTarget): Promise<void>;
  remove(task: Task): Promise<void>;
  /** Brings a deleted task back. */
  restore(task: Task): Promise<void>;
  /** @throws ApiProblem so that a form can show it. */
  create(projectId: string, body: CreateTaskBody, idempotencyKey: string): Promise<Task>;
}

/** Writes of one task go out one after the other, so that a quick second change never conflicts with the first. */
const queues = new Map<string, Promise<unknown>>();

function inTurn<Result>(taskId: string, work: () => Promise<Result>): Promise<Result> {
  const turn = (queues.get(taskId) ?? Promise.resolve()).then(work, work);
  queues.set(taskId, turn);
  const leave = () => {
    if (queues.get(taskId) === turn) queues.delete(taskId);
  };
  turn.then(leave, leave);
  return turn;
}

const readTask = (task: Task) => call('GET /tasks/{id}', { params: { id: task.id } });
const sendTask = (task: Task, body: TaskEdit) =>
  call('PATCH /tasks/{id}', { params: { id: task.id }, body, ifMatch: task.version });

/** The actions on top of a query cache. */
export function createTaskActions(client: QueryClient): TaskActions {
  const latest = (task: Task) => findTask(client, (other) => other.id === task.id) ?? task;
  const bringBack = async (task: Task) => {
    upsertTask(client, await call('POST /tasks/{id}/restore', { params: { id: task.id } }));
    // Its sub-tasks came back with it.
    await client.invalidateQueries({ queryKey: ['tasks'] });
  };
  return {
    async patch(task, changes, shown = {}) {
      const takeBack = showPending(task.id, { ...changes, ...shown });
      try {
        const saved = await inTurn(task.id, () =>
          saveTask(baseOf(task, latest(task), changes), changes, { send: sendTask, read: readTask, ask: askConflict }),
        );
        upsertTask(client, saved);
      } catch (error) {
        if (isProblem(error, 'not_found')) removeTask(client, task.id);
        notifyProblem(t('save.refused', { key: task.key }), error);
      } finally {
        takeBack();
      }
    },
    async move(task, target) {
      // The smallest text behind the upper neighbour's rank: right below it, above everything else.
      const rank = target.above === undefined ? '' : `${target.above.rank}\u0000`;
      const takeBack = showPending(task.id, { statusId: target.statusId, category: target.category, rank });
      try {
        const body: MoveTaskBody = {
          statusId: target.statusId,
          afterId: target.above?.id ?? null,
          beforeId: target.below?.id ?? null,
        };
        upsertTask(
          client,
          await inTurn(task.id, () => call('POST /tasks/{id}/move', { params: { id: task.id }, body })),
        );
      } catch (error) {
        notifyProblem(t('move.refused', { title: task.title }), error);
      } finally {
        takeBack();
      }
    },
    async remove(task) {
      const takeBack = hidePending(task.id);
      try {
        await inTurn(task.id, () => removeUnlessGone(latest(task)));
        removeTask(client, task.id);
        notifyUndo(t('task.deleted', { key: task.key }), () => bringBack(task));
      } catch (error) {
        notifyProblem(t('save.refused', { key: task.key }), error);
      } finally {
        takeBack();
      }
    },
    async restore(task) {
      try {
        await bringBack(task);
        notifyDone(t('task.restored', { key: task.key }));
      } catch (error) {
        notifyProblem(t('problem.title'), error);
      }
    },
    async create(projectId, body, idempotencyKey) {
      const created = await call('POST /projects/{id}/tasks', { params: { id: projectId }, body, idempotencyKey });
      upsertTask(client, created);
      return created;
    },
  };
}

/** Deleting asks for no version twice: whatever somebody changed meanwhile, the person wants the task gone. */
async function removeUnlessGone(task: Task): Promise<void> {
  const send = (version: number) => call('DELETE /tasks/{id}', { params: { id: task.id }, ifMatch: version });
  try {
    await send(task.version);
  } catch (error) {
    if (isProblem(error, 'not_found')) return;
    if (!isProblem(error, 'stale_version')) throw error;
    await send((await readTask(task)).version);
  }
}

/** The actions for components. */
export function useTaskActions(): TaskActions {
  const client = useQueryClient();
  return useMemo(() => createTaskActions(client), [client]);
}
