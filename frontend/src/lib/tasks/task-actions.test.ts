// @vitest-environment node
import type { Task } from '@taskflow/contract/tasks';
import { QueryClient } from '@tanstack/react-query';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { apiAddress, startFakeApi } from '../../testing/fake-api.ts';
import { aTask } from '../../testing/samples.ts';
import { toastStore } from '../toasts.ts';
import { currentlyPending } from './pending-changes.ts';
import { createTaskActions } from './task-actions.ts';
import { type TaskList, taskListKey } from './task-cache.ts';

const server = startFakeApi();
const project = taskListKey({ kind: 'project', projectId: 'project' });

let client: QueryClient;
const listed = (): Task | undefined => client.getQueryData<TaskList>(project)?.items[0];

/** What the board shows of the task now. */
function shown(): Task {
  const task = listed();
  if (task === undefined) throw new Error('the task is not listed');
  return currentlyPending(task);
}

beforeEach(() => {
  toastStore.set([]);
  client = new QueryClient();
  client.setQueryData<TaskList>(project, { items: [aTask()], complete: true });
});

describe('patch', () => {
  it('shows the change before the answer, and the saved task after it', async () => {
    const answer = Promise.withResolvers<undefined>();
    server.use(
      http.patch(`${apiAddress}/tasks/task-1`, async () => {
        await answer.promise;
        return HttpResponse.json(aTask({ title: 'Mine', version: 2 }));
      }),
    );
    const saving = createTaskActions(client).patch(aTask(), { title: 'Mine' });
    expect(shown().title).toBe('Mine');
    expect(listed()?.title).toBe('Rotate the keys');
    answer.resolve(undefined);
    await saving;
    expect(listed()).toMatchObject({ title: 'Mine', version: 2 });
  });

  it('takes the change back when it is refused, and says why', async () => {
    server.use(
      http.patch(`${apiAddress}/tasks/task-1`, () =>
        HttpResponse.json({ type: 'x', title: 'No', status: 403, code: 'forbidden' }, { status: 403 }),
      ),
    );
    await createTaskActions(client).patch(aTask(), { title: 'Mine' });
    expect(shown().title).toBe('Rotate the keys');
    expect(toastStore.get()).toMatchObject([{ kind: 'problem', title: 'OPS-1 could not be saved' }]);
  });

  it('sends a quick second change on top of the first, so that the two never conflict', async () => {
    const versions: Array<string | null> = [];
    server.use(
      http.patch(`${apiAddress}/tasks/task-1`, ({ request }) => {
        versions.push(request.headers.get('if-match'));
        return HttpResponse.json(aTask({ version: versions.length + 1 }));
      }),
    );
    const { patch } = createTaskActions(client);
    await Promise.all([patch(aTask(), { priority: 'high' }), patch(aTask(), { title: 'Mine' })]);
    expect(versions).toEqual(['"1"', '"2"']);
  });
});

describe('move', () => {
  it('stands between its new neighbours at once', async () => {
    server.use(
      http.post(`${apiAddress}/tasks/task-1/move`, async ({ request }) => {
        expect(await request.json()).toEqual({ statusId: 'done', afterId: 'above', beforeId: 'below' });
        return HttpResponse.json(aTask({ statusId: 'done', rank: 'bm', version: 2 }));
      }),
    );
    const above = aTask({ id: 'above', rank: 'b' });
    const below = aTask({ id: 'below', rank: 'b0' });
    const moving = createTaskActions(client).move(aTask(), { statusId: 'done', category: 'completed', above, below });
    expect(shown()).toMatchObject({ statusId: 'done', category: 'completed' });
    expect(shown().rank > above.rank && shown().rank < below.rank).toBe(true);
    await moving;
    expect(listed()?.rank).toBe('bm');
  });
});

describe('remove', () => {
  it('deletes whatever the version is now, and brings the task back on undo', async () => {
    const deletedWith: Array<string | null> = [];
    server.use(
      http.delete(`${apiAddress}/tasks/task-1`, ({ request }) => {
        deletedWith.push(request.headers.get('if-match'));
        if (deletedWith.length > 1) return new HttpResponse(null, { status: 204 });
        return HttpResponse.json({ type: 'x', title: 'Stale', status: 412, code: 'stale_version' }, { status: 412 });
      }),
      http.get(`${apiAddress}/tasks/task-1`, () => HttpResponse.json(aTask({ version: 6 }))),
      http.post(`${apiAddress}/tasks/task-1/restore`, () => HttpResponse.json(aTask({ version: 7 }))),
    );
    await createTaskActions(client).remove(aTask());
    expect(deletedWith).toEqual(['"1"', '"6"']);
    expect(listed()).toBeUndefined();
    await toastStore.get()[0]?.undo?.();
    expect(listed()?.version).toBe(7);
  });
});
