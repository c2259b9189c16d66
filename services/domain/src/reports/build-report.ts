import type { Executor } from '@taskflow/db';
import type { ProjectAccess, WorkspaceAccess } from '../access/access.ts';
import type { ReportDocument, ReportTable } from './report-document.ts';
import {
  countAll,
  countByPerson,
  countByProject,
  countByStatus,
  countProject,
  type Counts,
  lastDays,
  listOverdue,
  type Period,
} from './repository.ts';

/** Overdue tasks that a report names; the rest is counted. */
const mostOverdue = 200;

const countColumns = ['Done', 'Created', 'Open', 'Overdue'];
const cells = ({ name, done, created, open, overdue }: Counts) => [name, done, created, open, overdue];
const figuresOf = ({ done, created, open, overdue }: Counts) => [
  { label: 'Done', value: done },
  { label: 'Created', value: created },
  { label: 'Open', value: open },
  { label: 'Overdue', value: overdue },
];
const spanOf = ({ firstDay, lastDay }: Period, timeZone: string) => `${firstDay} to ${lastDay} (${timeZone})`;

/** What a team did in the last seven full days, over the projects that the caller sees. */
export async function weeklyReport(
  executor: Executor,
  access: WorkspaceAccess,
  options: { readonly workspaceName: string; readonly timeZone: string },
): Promise<ReportDocument> {
  const { workspaceName, timeZone } = options;
  const period = await lastDays(executor, 7, timeZone);
  const all = await countAll(executor, access, period);
  const people = await countByPerson(executor, access, period);
  const projects = await countByProject(executor, access, period);
  return {
    title: `The week of ${workspaceName}`,
    subtitle: spanOf(period, timeZone),
    figures: figuresOf(all),
    tables: [
      { title: 'By person', columns: ['Person', ...countColumns], rows: people.map(cells) },
      { title: 'By project', columns: ['Project', ...countColumns], rows: projects.map(cells) },
      await overdueTable(executor, access, { timeZone }),
    ],
  };
}

/** Where a project is, and what the last 30 full days brought. */
export async function projectReport(
  executor: Executor,
  access: ProjectAccess,
  options: { readonly timeZone: string },
): Promise<ReportDocument> {
  const { timeZone } = options;
  const { project } = access;
  const period = await lastDays(executor, 30, timeZone);
  const all = await countProject(executor, access, period);
  const statuses = await countByStatus(executor, access);
  const people = await countByPerson(executor, access, period, project.id);
  return {
    title: `Status of ${all.name}`,
    subtitle: `${project.key}, ${spanOf(period, timeZone)}`,
    figures: figuresOf(all),
    tables: [
      {
        title: 'By status',
        columns: ['Status', 'Category', 'Tasks'],
        rows: statuses.map(({ name, category, tasks }) => [name, category, tasks]),
      },
      { title: 'By person', columns: ['Person', ...countColumns], rows: people.map(cells) },
      await overdueTable(executor, access, { timeZone, projectId: project.id }),
    ],
  };
}

async function overdueTable(
  executor: Executor,
  access: WorkspaceAccess,
  options: { readonly timeZone: string; readonly projectId?: string },
): Promise<ReportTable> {
  const tasks = await listOverdue(executor, access, { ...options, limit: mostOverdue });
  return {
    title: tasks.length < mostOverdue ? 'Overdue' : `Overdue, the first ${mostOverdue}`,
    columns: ['Task', 'Title', 'Due', 'People'],
    rows: tasks.map(({ key, title, due, people }) => [key, title, due, people]),
  };
}
