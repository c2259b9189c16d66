import { type Executor, maybeOne, sql } from '@taskflow/db';
import {
  type AskedRun,
  listSchedules,
  pauseSchedule,
  resumeSchedule,
  runScheduleNow,
  type ScheduleView,
} from '@taskflow/jobs';
import type { CallerAccess } from '../access/access.ts';
import { assertOperator } from '../access/operator.ts';
import type { Cause } from '../activity/append.ts';
import type { Document, DocumentPage } from '../core/document.ts';
import { assertVersion, DomainError, notFound } from '../core/errors.ts';
import { idPage, type PageQuery } from '../core/id-page.ts';
import { isId } from '../core/ids.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { jobTypes } from './job-catalogue.ts';

/** Schedules of the instance and of all workspaces, for operators. Every method throws `forbidden` for others. */
export interface ScheduleControlService {
  list(access: CallerAccess, query: PageQuery): Promise<DocumentPage>;
  /** @throws DomainError `not_found` */
  get(access: CallerAccess, id: string): Promise<Document>;
  /** Pauses or resumes. @throws DomainError `not_found`, `stale_version` */
  update(
    unit: UnitOfWork,
    access: CallerAccess,
    id: string,
    changes: { readonly isPaused: boolean },
    expectedVersion: number | undefined,
  ): Promise<Document>;
  /** Runs a schedule beside its timing. @throws DomainError `not_found`; `conflict` for a type of another release */
  run(unit: UnitOfWork, access: CallerAccess, id: string): Promise<AskedRun>;
}

const documentOf = (schedule: ScheduleView): Document => ({
  id: schedule.id,
  json: JSON.stringify(schedule),
  // a run changes nothing that somebody could overwrite
  etag: `${schedule.version}-${schedule.lastRunAt?.getTime() ?? 0}-${schedule.lastJob?.state ?? 'none'}`,
});

/** @param options.onAccepted wakes the workers; must not throw */
export function createScheduleControlService(options: {
  readonly executor: Executor;
  readonly newId: () => string;
  readonly cause: () => Cause;
  readonly onAccepted: () => void;
}): ScheduleControlService {
  const { executor, newId, cause, onAccepted } = options;

  async function read(from: Executor, id: string): Promise<ScheduleView> {
    const [schedule] = isId(id) ? await listSchedules(from, { id, limit: 1 }) : [];
    if (schedule === undefined) {
      throw notFound();
    }
    return schedule;
  }

  return {
    async list(access, query) {
      assertOperator(access);
      const page = idPage(query, ['schedules']);
      const schedules = await listSchedules(executor, {
        limit: page.rowLimit,
        ...(page.after !== null && { afterId: page.after }),
      });
      return page.toPage(schedules.map(documentOf));
    },
    async get(access, id) {
      assertOperator(access);
      return documentOf(await read(executor, id));
    },
    async update(unit, access, id, { isPaused }, expectedVersion) {
      assertOperator(access);
      const locked = isId(id)
        ? await maybeOne<{ version: number }>(unit, sql`select version from schedules where id = ${id} for update`)
        : undefined;
      if (locked === undefined) {
        throw notFound();
      }
      assertVersion(locked.version, expectedVersion);
      await (isPaused ? pauseSchedule : resumeSchedule)(unit, id);
      return documentOf(await read(unit, id));
    },
    async run(unit, access, id) {
      assertOperator(access);
      const { type } = await read(unit, id);
      const job = { ...cause(), id: newId(), requestedBy: access.caller.userId };
      const asked = await runScheduleNow(unit, id, job, jobTypes);
      if (asked === undefined) {
        throw new DomainError('conflict', `This release does not know jobs of type ${type}`);
      }
      if (asked.accepted) {
        unit.afterCommit(onAccepted);
      }
      return asked;
    },
  };
}
