import type { AskJobBody, AskableType } from '@taskflow/contract/exchange';
import { jobPriorities, type JobPriority } from '@taskflow/contract/jobs';
import type { Executor } from '@taskflow/db';
import { acceptJobs, newJob } from '@taskflow/jobs';
import type { Cause } from '../activity/append.ts';
import type { CallerAccess, WorkspaceAccess } from '../access/access.ts';
import type { DocumentPage } from '../core/document.ts';
import { DomainError, invalid } from '../core/errors.ts';
import { idPage, type PageQuery } from '../core/id-page.ts';
import { oldestIdAt } from '../core/ids.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { askable } from './askable.ts';
import { countAsked, findLiveByKey, listAsked, readAsked } from './repository.ts';

/** Jobs that people ask for: exports, imports and reports. */
export interface ExchangeService {
  /**
   * Accepts a job, or answers the one under the same key that has not ended.
   *
   * @throws DomainError `invalid`, `not_found`, `forbidden`; `too_many_requests` for who asks all the time
   */
  ask(
    unit: UnitOfWork,
    access: CallerAccess,
    body: AskJobBody,
  ): Promise<{ readonly id: string; readonly json: string }>;
  /** What the caller asked for, newest first. */
  list(
    access: WorkspaceAccess,
    query: PageQuery & { readonly type?: AskableType | undefined; readonly project?: string | undefined },
  ): Promise<DocumentPage>;
}

const mostAnHour = 120;
const hourMs = 3_600_000;
const longestDelayMs = 366 * 24 * hourMs;

/** Options of {@link createExchangeService}. */
export interface ExchangeServiceOptions {
  readonly executor: Executor;
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The request under way, for the job that it causes. */
  readonly cause: () => Cause;
  /** Wakes the workers; must not throw. */
  readonly onAccepted: () => void;
}

/** Creates the service. */
export function createExchangeService(options: ExchangeServiceOptions): ExchangeService {
  const { executor, newId, now, cause, onAccepted } = options;

  return {
    async ask(unit, access, body) {
      const { userId } = access.caller;
      const { type, payload, workspaceId } = await askable[body.type](unit, access.caller, body.payload);
      const uniqueKey = body.uniqueKey === undefined ? undefined : `${userId}:${body.uniqueKey}`;
      const given = uniqueKey === undefined ? undefined : await findLiveByKey(unit, type.name, uniqueKey);
      if (given !== undefined) {
        return { id: given, json: await readAsked(unit, given) };
      }
      if ((await countAsked(unit, userId, oldestIdAt(now() - hourMs))) >= mostAnHour) {
        throw new DomainError('too_many_requests', `At most ${mostAnHour} in an hour`, { retryAfterSeconds: 600 });
      }
      const priority = allowedPriority(type.priority, body.priority);
      const job = newJob(newId(), { ...type, priority }, payload, {
        ...cause(),
        workspaceId,
        requestedBy: userId,
        ...(body.runAt !== undefined && { runAt: allowedStart(body.runAt, now()) }),
        ...(uniqueKey !== undefined && { uniqueKey }),
      });
      await acceptJobs(unit, [job]);
      unit.afterCommit(onAccepted);
      return { id: job.id, json: await readAsked(unit, job.id) };
    },
    async list(access, { type, project, ...query }) {
      const { caller, workspace } = access;
      const page = idPage(query, ['asked jobs', caller.userId, workspace.id, type ?? '', project ?? '']);
      const of = { userId: caller.userId, workspaceId: workspace.id };
      const rows = await listAsked(
        executor,
        { ...of, ...(type !== undefined && { type }), ...(project !== undefined && { projectId: project }) },
        page,
      );
      return page.toPage(rows);
    },
  };
}

function allowedPriority(usual: JobPriority, asked: JobPriority | undefined): JobPriority {
  if (asked !== undefined && jobPriorities.indexOf(asked) < jobPriorities.indexOf(usual)) {
    throw invalid('priority', `must not be more urgent than ${usual}`);
  }
  return asked ?? usual;
}

function allowedStart(runAt: string, nowMs: number): Date {
  const at = new Date(runAt);
  if (at.getTime() > nowMs + longestDelayMs) {
    throw invalid('runAt', 'must be within a year');
  }
  return at;
}
