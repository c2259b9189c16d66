import type { ProjectImportPayload } from '@taskflow/contract/exchange';
import { type Executor, sql } from '@taskflow/db';
import { createExportService, createImportService, newId, projectExport, projectImport } from '@taskflow/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createProjectExportHandler } from '../project-export/handler.ts';
import { countOf, createExchangeWorld, type ExchangeWorld, unzip } from '../testing/exchange-world.ts';
import { createProjectImportHandler } from './handler.ts';

let world: ExchangeWorld;

beforeEach(async () => {
  world = await createExchangeWorld();
});
afterEach(async () => {
  await world.engines.clear();
  await world.close();
});
const handler = (database = world.database) =>
  createProjectImportHandler({
    units: world.units,
    imports: createImportService({ database, blobs: world.blobs, newId, chunk: 3 }),
  });

async function ask(content: string | Buffer, more: Partial<ProjectImportPayload> = {}): Promise<string> {
  const fileId = await world.file(content);
  const payload: ProjectImportPayload = { projectId: world.projectId, fileId, format: 'csv', ...more };
  return world.ask(projectImport, payload);
}

async function run(content: string | Buffer, more: Partial<ProjectImportPayload> = {}) {
  const jobId = await ask(content, more);
  await world.start([handler()]);
  const { result } = await world.until(jobId, 'succeeded');
  const [row] = await world.database.query<{ problems: { line: number; field: string | null; message: string }[] }>(
    sql`select problems from imports where job_id = ${jobId}`,
  );
  return { result, problems: row?.problems ?? [] };
}

const tasks = () =>
  world.database.query<{ title: string; status: string; number: number }>(sql`
    select t.title, t.description, t.number, s.name as status, t.category, t.priority, t.due_at as due,
      t.estimate::float8 as estimate, p.title as parent,
      array(select u.name from task_assignees a join users u on u.id = a.user_id where a.task_id = t.id) as people,
      array(
        select l.name from task_labels tl join labels l on l.id = tl.label_id where tl.task_id = t.id order by l.name
      ) as labels,
      array(select c.body from comments c where c.task_id = t.id order by c.id) as comments
    from tasks t join statuses s on s.id = t.status_id left join tasks p on p.id = t.parent_id
    where t.deleted_at is null order by t.number`);

describe('a table', () => {
  it('becomes tasks with everything that its headings name', async () => {
    const { result, problems } = await run(
      [
        '\uFEFFKey,Title,Description,Status,Priority,Assignees,Labels,Due,Estimate,Parent',
        `A-1,Paint,"two\nlines, ""quoted""",In progress,High,OLGA@example.com; nobody@example.com,red; blue,2026-03-04,2.5,`,
        "A-2,'=cmd|/c calc,,Waiting for review,,,Red,,,A-1",
        '',
      ].join('\r\n'),
    );
    expect(result).toEqual({ imported: 2, tasks: 2, invalid: 0, problems: 1, dryRun: false });
    expect(problems).toEqual([
      { line: 3, field: 'assignees', message: expect.stringContaining('nobody@example.com'), isFatal: false },
    ]);
    expect(await tasks()).toMatchObject([
      {
        title: 'Paint',
        description: 'two\nlines, "quoted"',
        number: 1,
        status: 'In progress',
        priority: 'high',
        due: new Date('2026-03-04T00:00:00Z'),
        estimate: 2.5,
        parent: null,
        people: ['Olga'],
        labels: ['blue', 'red'],
      },
      {
        title: '=cmd|/c calc',
        number: 2,
        status: 'Waiting for review',
        category: 'started',
        parent: 'Paint',
        labels: ['red'],
      },
    ]);
    const activity = await world.database.query(sql`select type from activity order by number`);
    expect(activity.filter(({ type }) => type === 'task.created')).toHaveLength(2);
    expect(await countOf(world.database, 'import_rows')).toBe(0);
  });

  it('is only looked at in a trial', async () => {
    const { result, problems } = await run('Title,Due\nGood,2026-03-04\n,2026-03-04\nBad,tomorrow\nLong,2026-02-30\n', {
      dryRun: true,
    });
    expect(result).toEqual({ imported: 0, tasks: 4, invalid: 3, problems: 3, dryRun: true });
    expect(problems.map(({ line, field }) => [line, field])).toEqual([
      [3, 'title'],
      [4, 'due'],
      [5, 'due'],
    ]);
    expect(await countOf(world.database, 'tasks')).toBe(0);
  });

  it('is imported whole or not at all, unless what is wrong is to be left out', async () => {
    const table = `Title\n${Array.from({ length: 20 }, (_, n) => `Task ${n}`).join('\n')}\n${'x'.repeat(501)}\n`;
    expect((await run(table)).result).toMatchObject({ imported: 0, tasks: 21, invalid: 1 });
    expect(await countOf(world.database, 'tasks')).toBe(0);
    await world.engines.clear();
    expect((await run(table, { skipInvalid: true })).result).toMatchObject({ imported: 20, invalid: 1 });
    expect((await tasks()).map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  it('is read by the columns that were chosen, whatever separates them', async () => {
    await run('What;Who;When\nPaint;Olga;2026-03-04\n', { mapping: { title: 0, assignees: 1, due: 2 } });
    expect(await tasks()).toMatchObject([{ title: 'Paint', people: ['Olga'], due: new Date('2026-03-04T00:00:00Z') }]);
  });

  it.each([
    ['in another encoding', Buffer.from('Title\nF\xE4rben\n', 'latin1'), 'not text in UTF-8'],
    ['in UTF-16', Buffer.from('\uFEFFTitle\nPaint\n', 'utf16le'), 'not text in UTF-8'],
    ['with an open quote', 'Title\n"Paint\n', 'a quote is not closed'],
    ['without a title', 'A,B\n1,2\n', 'No column is the title'],
    ['that is a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]), 'not text in UTF-8'],
  ])('%s is told, and nothing is imported', async (_, content, message) => {
    const { result, problems } = await run(content, { skipInvalid: true });
    expect(problems).toMatchObject([{ field: null, message: expect.stringContaining(message), isFatal: true }]);
    expect(result).toMatchObject({ imported: 0 });
  });

  it('may hold NUL and broken text without harm', async () => {
    const { problems } = await run('Title,Key,Parent,Assignees\nNu\u0000l,a,b,x\u0000y\nFine,a\u0000,a,\n', {
      skipInvalid: true,
    });
    expect(problems.map(({ line, field }) => [line, field])).toEqual([
      [2, 'title'],
      [2, 'assignees'],
    ]);
    expect(await tasks()).toMatchObject([{ title: 'Fine' }]);
  });

  it('is imported by statements that are short, however many tasks it has', async () => {
    const lines = Array.from({ length: 600 }, (_, n) => `Task ${n},${n},${(n + 300) % 600}`);
    expect((await run(`Title,Key,Parent\n${lines.join('\n')}\n`)).result).toMatchObject({ imported: 600 });
    const imported = await tasks();
    expect(imported.map(({ number }) => number)).toEqual(Array.from({ length: 600 }, (_, n) => n + 1));
    expect(imported[7]).toMatchObject({ title: 'Task 7', parent: 'Task 307' });
  });

  it('never puts a task below itself', async () => {
    await run('Title,Key,Parent\nA,1,2\nB,2,3\nC,3,1\nD,4,4\n');
    const parents = await tasks();
    expect(parents).toMatchObject([{ parent: 'B' }, { parent: 'C' }, { parent: null }, { parent: null }]);
  });
});

describe('an import that is broken off', () => {
  it('goes on where it was, and imports everything once', async () => {
    const table = `Title\n${Array.from({ length: 20 }, (_, n) => `Task ${n}`).join('\n')}\n`;
    const jobId = await ask(table);
    let written = 0;
    const breaking = async <Row extends Record<string, unknown>>(
      ...given: Parameters<Executor['query']>
    ): Promise<Row[]> => {
      if (given[0].text.includes('update imports set staged')) {
        written += 1;
        if (written === 4) {
          throw new Error('the worker is gone');
        }
      }
      return world.database.query<Row>(...given);
    };
    await world.start([handler({ ...world.database, query: breaking })]);
    await world.until(jobId, 'succeeded');
    expect(await world.engines.attempts(jobId)).toEqual(['failed']);
    // three pieces of three were kept before; the rest was read by the second attempt
    expect(written).toBe(8);
    expect((await tasks()).map(({ title }) => title)).toEqual(Array.from({ length: 20 }, (_, n) => `Task ${n}`));
  });
});

describe('other files', () => {
  it('our own export comes back as it was', async () => {
    const { database, workspaceId, ownerId } = world;
    const first = await world.task({ title: '=1+1', description: "'=2", status: 'In progress' });
    await world.task({ title: 'Done', status: 'Done', completedAt: new Date('2026-01-02T03:04:05Z') });
    await database.query(sql`
      insert into comments (id, workspace_id, task_id, author_id, body)
      values (${newId()}, ${workspaceId}, ${first}, ${ownerId}, 'Hello')`);
    const jobId = await world.ask(projectExport, { projectId: world.projectId });
    const exports = createExportService({ ...world, now: () => new Date() });
    await world.start([createProjectExportHandler({ units: world.units, exports })]);
    const { zipId } = z.object({ zipId: z.string() }).parse((await world.until(jobId, 'succeeded')).result);
    const files = unzip(await world.read(zipId));
    const before = await tasks();
    for (const [name, format] of [
      ['project.json', 'taskflow'],
      ['tasks.csv', 'csv'],
    ] as const) {
      await world.engines.clear();
      await database.query(sql`update tasks set deleted_at = now()`);
      expect((await run(files.get(name) ?? '', { format })).result).toMatchObject({ imported: 2, problems: 0 });
      const after = await tasks();
      expect(after).toMatchObject(before.map(({ title, status }) => ({ title, status })));
    }
  });

  it('boards of Trello', async () => {
    const board = {
      lists: [{ id: 'l1', name: 'Doing' }],
      members: [{ id: 'm1', fullName: 'Olga' }],
      cards: [
        {
          id: 'c1',
          name: 'Card',
          desc: 'Text',
          idList: 'l1',
          due: '2026-03-04T10:00:00.000Z',
          idMembers: ['m1'],
          labels: [{ name: 'Bug', color: 'red' }],
        },
        { id: 'c2', name: 'Archived', idList: 'l1', closed: true },
      ],
      actions: [
        {
          type: 'commentCard',
          date: '2026-01-02T00:00:00Z',
          memberCreator: { fullName: 'Eva' },
          data: { text: 'Hi', card: { id: 'c1' } },
        },
      ],
    };
    expect((await run(JSON.stringify(board), { format: 'trello' })).result).toMatchObject({ imported: 1, problems: 0 });
    expect(await tasks()).toMatchObject([
      {
        title: 'Card',
        status: 'Doing',
        category: 'started',
        people: ['Olga'],
        labels: ['Bug'],
        comments: ['**Eva**, 2026-01-02:\n\nHi'],
      },
    ]);
  });

  it('projects of Vikunja', async () => {
    const data = [
      {
        buckets: [{ id: 7, title: 'Ideas' }],
        tasks: [
          {
            id: 1,
            title: 'One',
            bucket_id: 7,
            priority: 5,
            due_date: '0001-01-01T00:00:00Z',
            labels: [{ title: 'x' }],
          },
          {
            id: 2,
            title: 'Two',
            done: true,
            done_at: '2026-01-02T03:04:05Z',
            related_tasks: { parenttask: [{ id: 1 }] },
          },
        ],
      },
    ];
    expect((await run(JSON.stringify(data), { format: 'vikunja' })).result).toMatchObject({ imported: 2, problems: 0 });
    expect(await tasks()).toMatchObject([
      { title: 'One', status: 'Ideas', category: 'backlog', priority: 'urgent', due: null, labels: ['x'] },
      { title: 'Two', status: 'Done', parent: 'One' },
    ]);
  });

  it.each(['taskflow', 'trello', 'vikunja'] as const)('that are no %s are told', async (format) => {
    for (const content of ['{', '{"a":1}', '[1]', 'null']) {
      const { result, problems } = await run(content, { format });
      expect([result, problems.length]).toMatchObject([{ imported: 0 }, 1]);
      await world.engines.clear();
    }
  });
});

it('is refused for good to who may not import any more', async () => {
  const member = await world.person('Max', 'member');
  const fileId = await world.file('Title\nA\n');
  const jobId = await world.ask(projectImport, { projectId: world.projectId, fileId, format: 'csv' }, member);
  await world.start([handler()]);
  expect(await world.until(jobId, 'quarantined')).toMatchObject({ attempt: 1, errorCode: 'FORBIDDEN' });
  expect(await countOf(world.database, 'tasks')).toBe(0);
});
