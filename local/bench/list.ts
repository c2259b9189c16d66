import { taskListQuery } from '@taskflow/contract/tasks';
import { readAs } from '@taskflow/domain';
import { capture, projectAccess } from './harness/captured.ts';
import type { BenchContext, Benchmark } from './harness/context.ts';
import { put } from './harness/load.ts';
import { startBaseline } from './harness/program.ts';
import { alternate, compare } from './harness/rounds.ts';
import { observeDatabase } from './harness/servers.ts';
import { type Statement, toEnv } from './harness/statement.ts';

const filters = {
  category: 'backlog,unstarted,started',
  priority: 'medium,high,urgent',
  dueAfter: '2026-11-01T00:00:00Z',
  limit: '50',
};

const beginOfBuilding = 'select access.*';
const printedColumns = 't.description, t.fields,';

/** What a row has, instead of what was printed when it was written. */
const ownColumns = `
  t.workspace_id, t.title, t.description, t.status_id, t.category, t.priority, t.parent_id, t.start_at, t.due_at,
  t.estimate, t.rank, t.created_by, t.created_at, t.updated_at, t.completed_at, t.version,`;

/** The same page, read as rows with the fields of a task; what stands in other tables is read in the same way. */
function asRows({ text, values }: Statement): Statement {
  const page = text.slice(0, text.indexOf(beginOfBuilding)).replace(printedColumns, ownColumns);
  const parameters = Math.max(...[...page.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  return {
    text: `${page}
      select t.id, t.workspace_id as "workspaceId", t.project_id as "projectId", t.number, p.key || '-' || t.number as key,
        t.title, t.description, t.status_id as "statusId", t.category, t.priority,
        coalesce(assigned.ids, '{}') as "assigneeIds", coalesce(labelled.ids, '{}') as "labelIds",
        t.parent_id as "parentId", t.start_at as "startAt", t.due_at as "dueAt", t.estimate::float8 as estimate, t.rank,
        t.created_by as "createdBy", t.created_at as "createdAt", t.updated_at as "updatedAt",
        t.completed_at as "completedAt", t.version, coalesce(talk.comments, 0) as comments,
        coalesce(below.subtasks, 0) as subtasks, coalesce(below.completed, 0) as "completedSubtasks"
      from page t join projects p on p.id = t.project_id
      left join (
        select a.task_id, array_agg(a.user_id order by a.user_id) as ids
        from task_assignees a where a.task_id = any(array(select id from page)) group by a.task_id
      ) assigned on assigned.task_id = t.id
      left join (
        select l.task_id, array_agg(l.label_id order by l.label_id) as ids
        from task_labels l where l.task_id = any(array(select id from page)) group by l.task_id
      ) labelled on labelled.task_id = t.id
      left join (
        select c.task_id, count(*) as comments
        from comments c where c.task_id = any(array(select id from page)) and c.deleted_at is null group by c.task_id
      ) talk on talk.task_id = t.id
      left join (
        select s.parent_id, count(*) as subtasks, count(*) filter (where s.category = 'completed') as completed
        from tasks s where s.parent_id = any(array(select id from page)) and s.deleted_at is null group by s.parent_id
      ) below on below.parent_id = t.id
      order by t.n`,
    values: values.slice(0, parameters),
  };
}

/** GET /projects/{id}/tasks with three filters on 200,000 tasks, session and rights included. */
export const list: Benchmark = {
  about: 'GET tasks of a project, three filters, 200,000 tasks; against bare node:http + pg',
  async run(context: BenchContext) {
    const { report } = context;
    const world = await context.world();
    const { admin, databaseUrl } = await context.servers();
    const access = projectAccess(world);
    const statement = await capture((tasks, database) =>
      readAs(database, access, tasks.listOfProject(access.project.id, taskListQuery.parse(filters))),
    );
    const [rows, passed, api] = await Promise.all([
      startBaseline('list-rows', { DATABASE_URL: databaseUrl, ...toEnv(asRows(statement)) }),
      startBaseline('list-passed-through', { DATABASE_URL: databaseUrl, ...toEnv(statement) }),
      context.api(),
    ]);
    const path = `/api/v1/projects/${world.projectIds[0] ?? ''}/tasks?${new URLSearchParams(filters).toString()}`;
    const headers = { cookie: world.cookies[0] ?? '' };
    // compiled code is what is compared: a few hundred requests are not enough for that
    await Promise.all([
      put(rows, { path, seconds: 5 }),
      put(passed, { path, seconds: 5 }),
      put(api, { path, headers, seconds: 5 }),
    ]);
    let cpu = { rows: 0, passed: 0, api: 0 };
    const results = await alternate({
      rows: async () => {
        const result = await put(rows, { path });
        cpu = { ...cpu, rows: result.cpuMsPerRequest };
        return result.perSecond;
      },
      passed: async () => {
        const result = await put(passed, { path });
        cpu = { ...cpu, passed: result.cpuMsPerRequest };
        return result.perSecond;
      },
      api: async () => {
        const result = await put(api, { path, headers });
        cpu = { ...cpu, api: result.cpuMsPerRequest };
        return result.perSecond;
      },
    });
    const requests = 200;
    const work = await observeDatabase(admin, async () => {
      for (let sent = 0; sent < requests; sent += 1) {
        await (await fetch(`${api.url}${path}`, { headers })).arrayBuffer();
      }
    });
    await Promise.all([rows.stop(), passed.stop(), api.stop()]);

    report.ratio('requests/s vs rows + JSON.stringify', compare(results.get('api'), results.get('rows')), {
      atLeast: 1.5,
    });
    report.ratio('requests/s vs JSON passed through', compare(results.get('api'), results.get('passed')), {
      atLeast: 0.6,
    });
    report.figure('requests/s', results.get('api')?.at(-1) ?? 0, '/s');
    report.figure('CPU of the API', cpu.api, 'ms/request');
    report.figure('CPU of rows + JSON.stringify', cpu.rows, 'ms/request');
    report.figure('CPU of JSON passed through', cpu.passed, 'ms/request');
    report.figure('statements (rights and page in one)', work.statements / requests, '/request', { atMost: 1.05 });
    report.figure('buffers', work.buffers / requests, '/request');
    report.figure('time in PostgreSQL', work.executionMs / requests, 'ms/request');
    report.figure('WAL', work.walBytes / requests, 'bytes/request');
  },
};
