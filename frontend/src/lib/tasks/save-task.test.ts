// @vitest-environment node
import type { Task } from '@taskflow/contract/tasks';
import { describe, expect, it } from 'vitest';
import { aTask } from '../../testing/samples.ts';
import { ApiProblem } from '../api/problem.ts';
import { baseOf, type FieldConflict, saveTask, type TaskEdit } from './save-task.ts';

/** A server that holds one task and refuses changes of a version that is not the current one. */
function serverWith(stored: Task, answers: ReadonlyArray<'yours' | 'theirs'> = []) {
  let current = stored;
  const sent: TaskEdit[] = [];
  const asked: FieldConflict[] = [];
  const left = [...answers];
  return {
    sent,
    asked,
    send: (task: Task, changes: TaskEdit) => {
      sent.push(changes);
      if (task.version !== current.version) {
        return Promise.reject(new ApiProblem({ code: 'stale_version', status: 412, title: 'stale' }));
      }
      current = { ...current, ...changes, version: current.version + 1 };
      return Promise.resolve(current);
    },
    read: () => Promise.resolve(current),
    ask: (conflict: FieldConflict) => {
      asked.push(conflict);
      return Promise.resolve(left.shift() ?? 'theirs');
    },
  };
}

describe('saveTask', () => {
  it('sends the changes once when nobody else was there', async () => {
    const server = serverWith(aTask());
    const saved = await saveTask(aTask(), { title: 'Mine' }, server);
    expect(saved).toMatchObject({ title: 'Mine', version: 2 });
    expect(server.sent).toHaveLength(1);
  });

  it('sends them again, without asking, when somebody changed another field', async () => {
    const server = serverWith(aTask({ priority: 'high', version: 2 }));
    const saved = await saveTask(aTask(), { title: 'Mine' }, server);
    expect(saved).toMatchObject({ title: 'Mine', priority: 'high', version: 3 });
    expect(server.asked).toEqual([]);
  });

  it('asks with both values when somebody changed the same field, and saves the kept one', async () => {
    const server = serverWith(aTask({ title: 'Theirs', version: 2 }), ['yours']);
    const saved = await saveTask(aTask(), { title: 'Mine' }, server);
    expect(server.asked).toMatchObject([{ field: 'title', yours: 'Mine', theirs: 'Theirs' }]);
    expect(saved).toMatchObject({ title: 'Mine', version: 3 });
  });

  it('leaves their value, and sends nothing more, when the person chooses it', async () => {
    const server = serverWith(aTask({ title: 'Theirs', version: 2 }), ['theirs']);
    const saved = await saveTask(aTask(), { title: 'Mine' }, server);
    expect(saved).toMatchObject({ title: 'Theirs', version: 2 });
    expect(server.sent).toHaveLength(1);
  });

  it('does not ask when both made the same change', async () => {
    const server = serverWith(aTask({ assigneeIds: ['b', 'a'], version: 2 }));
    const saved = await saveTask(aTask(), { assigneeIds: ['a', 'b'] }, server);
    expect(saved.version).toBe(2);
    expect(server.asked).toEqual([]);
  });

  it('still saves the other fields of a change when one of them is given up', async () => {
    const server = serverWith(aTask({ title: 'Theirs', version: 2 }), ['theirs']);
    const saved = await saveTask(aTask(), { title: 'Mine', priority: 'urgent' }, server);
    expect(saved).toMatchObject({ title: 'Theirs', priority: 'urgent', version: 3 });
  });

  it('passes on every other refusal', async () => {
    const refusal = new ApiProblem({ code: 'forbidden', status: 403, title: 'no' });
    const server = { ...serverWith(aTask()), send: () => Promise.reject(refusal) };
    await expect(saveTask(aTask(), { title: 'Mine' }, server)).rejects.toBe(refusal);
  });
});

describe('baseOf', () => {
  it('is the latest known task when the changed field is as the person saw it', () => {
    const known = aTask({ priority: 'high', version: 5 });
    expect(baseOf(aTask({ version: 1 }), known, { title: 'Mine' })).toBe(known);
  });

  it('is what the person saw, with the version of then, when the field has changed since', () => {
    const base = baseOf(aTask({ title: 'Old', version: 1 }), aTask({ title: 'Theirs', version: 5 }), { title: 'Mine' });
    expect(base).toMatchObject({ title: 'Old', version: 1 });
  });
});
