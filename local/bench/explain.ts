import { type TaskListQuery, taskListQuery, taskSorts } from '@taskflow/contract/tasks';
import type { Executor } from '@taskflow/db';
import { readAs, type TaskService } from '@taskflow/domain';
import type pg from 'pg';
import { capture, projectAccess } from './harness/captured.ts';
import type { BenchContext, Benchmark } from './harness/context.ts';
import type { World } from './harness/seed.ts';
import type { Statement } from './harness/statement.ts';

/** A node of EXPLAIN (FORMAT JSON), as far as it is read here. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Total Time'?: number;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly PlanNode[];
}

type Scope = 'project' | 'workspace' | 'me';

const someFilters = (world: World): Readonly<Record<string, Readonly<Record<string, string>>>> => ({
  nothing: {},
  status: { status: world.statusIds.slice(1, 3).join(',') },
  category: { category: 'unstarted,started' },
  'rare category': { category: 'canceled' },
  assignee: { assignee: world.userIds[4] ?? '' },
  'assignee=me': { assignee: 'me' },
  'assignee=none': { assignee: 'none' },
  label: { label: world.labelIds.slice(0, 2).join(',') },
  'label=none': { label: 'none' },
  priority: { priority: 'urgent' },
  parent: { parent: world.userIds[0] ?? '' },
  'parent=none': { parent: 'none' },
  dueBefore: { dueBefore: '2026-11-05T00:00:00Z' },
  dueAfter: { dueAfter: '2026-12-20T00:00:00Z' },
  'due between': { dueAfter: '2026-11-05T00:00:00Z', dueBefore: '2026-11-06T00:00:00Z' },
  overdue: { overdue: 'true' },
  'q, rare': { q: 'pump 4711' },
  'q, common': { q: 'repl' },
  'q of comments': { q: 'cable' },
  'all of them': {
    category: 'unstarted,started',
    assignee: 'me',
    label: world.labelIds.slice(0, 4).join(','),
    priority: 'medium,high',
    dueAfter: '2026-11-01T00:00:00Z',
    q: 'the',
  },
});

/** Every documented filter and sort of the lists of tasks is led by an index. */
export const explain: Benchmark = {
  about: 'plans of every filter and sort with 200,000 tasks; fails on a sequential scan of tasks',
  async run(context: BenchContext) {
    const { report } = context;
    const world = await context.world();
    const { admin } = await context.servers();
    await admin.query('set jit = off');
    let plans = 0;
    for (const listing of listings(world)) {
      const statement = await capture((tasks, database) => list(tasks, database, world, listing));
      const [custom, generic] = [await planOf(admin, statement, 'custom'), await planOf(admin, statement, 'generic')];
      plans += 2;
      report.note(describe(listing.title, custom));
      for (const [kind, plan] of [
        ['custom', custom],
        ['generic', generic],
      ] as const) {
        const sequential = scansOfTasks(plan).filter((scan) => scan.includes('Seq Scan'));
        if (sequential.length > 0) {
          report.fail(`${listing.title}: the ${kind} plan has a ${sequential.join(', ')} on tasks`);
        }
      }
    }
    report.figure('plans looked at', plans, '');
  },
};

/** A list to be explained. */
interface Listing {
  readonly title: string;
  readonly scope: Scope;
  readonly query: TaskListQuery;
}

/** Every filter in every list; every sort without a filter and with a wide one, else those of boards and deadlines. */
function listings(world: World): Listing[] {
  const scopes = ['project', 'workspace', 'me'] as const;
  const filters = Object.entries(someFilters(world));
  return scopes.flatMap((scope) =>
    filters
      .filter(([, filter]) => scope !== 'me' || !('assignee' in filter))
      .flatMap(([name, filter]) => {
        const isWide = name === 'nothing' || name === 'category';
        const sorts = isWide ? taskSorts : (['rank', 'dueAt', '-updatedAt'] as const);
        return sorts.map((sort) => ({
          title: `${scope}, ${name}, sort=${sort}`,
          scope,
          query: taskListQuery.parse({ ...filter, sort }),
        }));
      }),
  );
}

function describe(title: string, plan: PlanNode): string {
  const buffers = (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
  const time = (plan['Actual Total Time'] ?? 0).toFixed(1);
  const scans = [...new Set(scansOfTasks(plan))].join(', ');
  return `${title.padEnd(44)} ${time.padStart(7)} ms ${String(buffers).padStart(7)} buffers  ${scans}`;
}

function list(tasks: TaskService, database: Executor, world: World, { scope, query }: Listing): Promise<unknown> {
  const access = projectAccess(world);
  switch (scope) {
    case 'project':
      return readAs(database, access, tasks.listOfProject(access.project.id, query));
    case 'workspace':
      return tasks.listOfWorkspace({ ...access, workspace: { ...access.workspace, role: 'member' } }, query);
    case 'me': {
      const { assignee: _, ...others } = query;
      return tasks.listOfCaller(access, others);
    }
  }
}

/** With the values at hand (and run), or as PostgreSQL plans a prepared statement for any value. */
async function planOf(admin: pg.Client, { text, values }: Statement, kind: 'custom' | 'generic'): Promise<PlanNode> {
  const { rows } =
    kind === 'custom'
      ? await admin.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`explain (analyze, buffers, format json) ${text}`, [
          ...values,
        ])
      : await admin.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`explain (generic_plan, format json) ${text}`);
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  if (plan === undefined) {
    throw new Error('EXPLAIN answered no plan');
  }
  return plan;
}

function scansOfTasks(node: PlanNode): string[] {
  const own =
    node['Relation Name'] === 'tasks' || (node['Index Name'] ?? '').startsWith('tasks_')
      ? [[node['Node Type'], node['Index Name']].filter((part) => part !== undefined).join(' ')]
      : [];
  return [...own, ...(node.Plans ?? []).flatMap(scansOfTasks)];
}
