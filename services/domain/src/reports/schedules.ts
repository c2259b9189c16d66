import type { CreateReportScheduleBody, ReportGeneratePayload, ReportSchedule } from '@taskflow/contract/exchange';
import { type Executor, one, type Sql, sql } from '@taskflow/db';
import { nextRun } from '@taskflow/jobs';
import type { WorkspaceAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import { projectAccessOf } from '../access/person-access.ts';
import { DomainError, invalid, notFound } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { reportGenerate } from './job-types.ts';

/** Reports that people get each week. Everybody sees and ends their own. */
export interface ReportScheduleService {
  /** Oldest first. @throws DomainError `forbidden` */
  list(access: WorkspaceAccess): Promise<readonly ReportSchedule[]>;
  /** @throws DomainError `forbidden`, `invalid`, `not_found`; `conflict` for who has too many */
  create(unit: UnitOfWork, access: WorkspaceAccess, body: CreateReportScheduleBody): Promise<ReportSchedule>;
  /** @throws DomainError `forbidden`, `not_found` */
  remove(unit: UnitOfWork, access: WorkspaceAccess, scheduleId: string): Promise<void>;
}

const mostOfOnePerson = 20;

interface ScheduleRow extends Record<string, unknown> {
  readonly id: string;
  readonly kind: ReportSchedule['kind'];
  readonly project: ReportSchedule['project'];
  readonly cron: string;
  readonly timeZone: string;
  readonly nextRunAt: Date | null;
  readonly lastRunAt: Date | null;
  readonly createdAt: Date;
}

const own = ({ workspace, caller }: WorkspaceAccess): Sql => sql`
  s.workspace_id = ${workspace.id} and s.created_by = ${caller.userId} and s.type = ${reportGenerate.name}`;

const read = (executor: Executor, condition: Sql): Promise<ScheduleRow[]> =>
  executor.query<ScheduleRow>(sql`
    select s.id, s.payload->>'kind' as kind, s.cron, s.time_zone as "timeZone", s.next_run_at as "nextRunAt",
      s.last_run_at as "lastRunAt", s.created_at as "createdAt",
      case when p.id is not null then json_build_object('id', p.id, 'name', p.name) end as project
    from schedules s left join projects p on p.id::text = s.payload->>'projectId'
    where ${condition} order by s.id`);

/** What {@link cronOf} wrote. */
const weekly = /^0 (\d+) \* \* (\d)$/;
const cronOf = ({ hour, weekday }: CreateReportScheduleBody): string => `0 ${hour} * * ${weekday}`;

function viewOf({ cron, nextRunAt, lastRunAt, createdAt, ...row }: ScheduleRow): ReportSchedule {
  const [, hour = '0', weekday = '0'] = weekly.exec(cron) ?? [];
  return {
    ...row,
    hour: Number(hour),
    weekday: Number(weekday),
    nextRunAt: nextRunAt?.toISOString() ?? null,
    lastRunAt: lastRunAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}

/** @param options.now milliseconds since 1970 */
export function createReportScheduleService(options: {
  readonly executor: Executor;
  readonly newId: () => string;
  readonly now: () => number;
}): ReportScheduleService {
  const { executor, newId, now } = options;
  return {
    async list(access) {
      authorize(access, 'report.run');
      return (await read(executor, own(access))).map(viewOf);
    },
    async create(unit, access, body) {
      authorize(access, 'report.run');
      const payload = await payloadOf(unit, access, body);
      const { caller, workspace } = access;
      await unit.query(sql`
        select from memberships where workspace_id = ${workspace.id} and user_id = ${caller.userId} for update`);
      const { count } = await one<{ count: number }>(
        unit,
        sql`select count(*)::int as count from schedules s where ${own(access)}`,
      );
      if (count >= mostOfOnePerson) {
        throw new DomainError('conflict', `At most ${mostOfOnePerson} reports a week`);
      }
      const timing = { cron: cronOf(body), timeZone: body.timeZone };
      const id = newId();
      await unit.query(sql`
        insert into schedules (id, workspace_id, type, payload, cron, time_zone, next_run_at, created_by)
        values (${id}, ${workspace.id}, ${reportGenerate.name}, ${JSON.stringify(payload)}::jsonb, ${timing.cron},
          ${timing.timeZone}, ${nextRun(timing, new Date(now())) ?? null}, ${caller.userId})`);
      const [row] = await read(unit, sql`s.id = ${id}`);
      if (row === undefined) {
        throw notFound();
      }
      return viewOf(row);
    },
    async remove(unit, access, scheduleId) {
      authorize(access, 'report.run');
      const removed = isId(scheduleId)
        ? await unit.query(sql`delete from schedules s where ${own(access)} and s.id = ${scheduleId} returning s.id`)
        : [];
      if (removed.length === 0) {
        throw notFound();
      }
    },
  };
}

async function payloadOf(
  executor: Executor,
  { caller, workspace }: WorkspaceAccess,
  { kind, projectId, timeZone }: CreateReportScheduleBody,
): Promise<ReportGeneratePayload> {
  if (kind === 'weekly') {
    return { kind, workspaceId: workspace.id, timeZone, mail: true };
  }
  if (projectId === undefined) {
    throw invalid('projectId', 'is needed for this kind');
  }
  const { workspace: home } = await projectAccessOf(executor, caller, projectId);
  if (home.id !== workspace.id) {
    throw notFound();
  }
  return { kind, projectId, timeZone, mail: true };
}
