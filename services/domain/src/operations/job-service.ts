import type { JobAction } from '@taskflow/contract/operations';
import type { Executor } from '@taskflow/db';
import {
  type BreakerOutlook,
  cancelJobs,
  type ControlOutcome,
  discardJobs,
  inBatches,
  type JobFilter,
  releaseJobs,
  retryJobs,
  whyJob,
} from '@taskflow/jobs';
import type { CallerAccess, TaskAccess } from '../access/access.ts';
import { assertOperator } from '../access/operator.ts';
import type { DocumentPage } from '../core/document.ts';
import { DomainError, notFound } from '../core/errors.ts';
import { idPage, type PageQuery, wholePage } from '../core/id-page.ts';
import { isId } from '../core/ids.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { effectByType, findJobType, internalTypes } from './job-catalogue.ts';
import {
  isAskedBy,
  listEffects,
  listJobs,
  listOwnJobs,
  listQuarantine,
  readJob,
  type StoredJob,
} from './job-repository.ts';
import { redactPayload } from './redact-payload.ts';

/** Jobs as operators see and steer them, and what others may know of them. All but the last two are for operators. */
export interface JobControlService {
  /** Newest first. @throws DomainError `forbidden` */
  list(access: CallerAccess, query: PageQuery, filter: JobFilter): Promise<DocumentPage>;
  /** Quarantined jobs in groups that are alike. @throws DomainError `forbidden` */
  quarantine(access: CallerAccess): Promise<DocumentPage>;
  /**
   * Without secrets. Whoever asked for it sees it too, without what it says of the machinery.
   *
   * @throws DomainError `forbidden`, `not_found`
   */
  get(access: CallerAccess, id: string): Promise<string>;
  /** Why a job is where it is. @throws DomainError `forbidden`, `not_found` */
  why(access: CallerAccess, id: string): Promise<object>;
  /**
   * Does something with one job and answers it.
   *
   * @throws DomainError `forbidden`, `not_found`; `conflict` when its state does not allow that
   */
  act(unit: UnitOfWork, access: CallerAccess, id: string, action: JobAction): Promise<string>;
  /** Does something with all jobs that a filter names, in batches that are committed one by one. @throws DomainError `forbidden` */
  actOnAll(access: CallerAccess, filter: JobFilter, action: JobAction): Promise<ControlOutcome>;
  /** What the caller asked for. */
  ownJobs(access: CallerAccess, query: PageQuery): Promise<DocumentPage>;
  /** What a task has caused. */
  effects(access: TaskAccess, query: PageQuery): Promise<DocumentPage>;
}

/** Jobs of one bulk request. */
const mostAtOnce = 5_000;

const actions: Readonly<Record<JobAction, (executor: Executor, filter: JobFilter) => Promise<ControlOutcome>>> = {
  release: releaseJobs,
  retry: retryJobs,
  discard: (executor, filter) => discardJobs(executor, filter),
  cancel: cancelJobs,
};

const refusals: Readonly<Record<JobAction, string>> = {
  release: 'Only a quarantined job can be released',
  retry: 'Only a job that waits for its time, its next attempt or in quarantine can be run now',
  discard: 'Only a job that waits can be discarded; cancel one that runs',
  cancel: 'The job has ended already',
};

/** Names of workers and texts of errors are for operators. */
const withoutMachinery = (job: StoredJob['job']): StoredJob['job'] => ({
  ...job,
  worker: null,
  errorMessage: null,
  attempts: [],
});

/** @param options.outlookOf what is known about a breaker by its key */
export function createJobControlService(options: {
  readonly executor: Executor;
  readonly outlookOf: (breakerKey: string) => Promise<BreakerOutlook | undefined>;
}): JobControlService {
  const { executor, outlookOf } = options;

  async function read(from: Executor, id: string, show = (job: StoredJob['job']) => job): Promise<string> {
    const stored = isId(id) ? await readJob(from, id) : undefined;
    if (stored === undefined) {
      throw notFound();
    }
    const { job, payload, result } = stored;
    return JSON.stringify({ ...show(job), payload: redactPayload(payload), result: redactPayload(result) });
  }

  return {
    async list(access, query, filter) {
      assertOperator(access);
      const page = idPage(query, ['jobs', JSON.stringify(filter)]);
      return page.toPage(await listJobs(executor, filter, page));
    },
    async quarantine(access) {
      assertOperator(access);
      return wholePage(await listQuarantine(executor));
    },
    async get(access, id) {
      const { userId, isOperator } = access.caller;
      if (!isOperator && isId(id) && (await isAskedBy(executor, id, userId))) {
        return read(executor, id, withoutMachinery);
      }
      assertOperator(access);
      return read(executor, id);
    },
    async why(access, id) {
      assertOperator(access);
      const limitOf = (type: string) => findJobType(type)?.concurrency;
      const why = isId(id) ? await whyJob(executor, id, { limitOf, outlookOf }) : undefined;
      if (why === undefined) {
        throw notFound();
      }
      const { jobId, state, cause, sentence, nextAt, breakerKey, errorCode } = why;
      return {
        jobId,
        state,
        cause,
        sentence: `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}`,
        nextAt: nextAt?.toISOString() ?? null,
        breakerKey: breakerKey ?? null,
        errorCode: errorCode ?? null,
      };
    },
    async act(unit, access, id, action) {
      assertOperator(access);
      const { changed } = isId(id) ? await actions[action](unit, { ids: [id] }) : { changed: 0 };
      const job = await read(unit, id);
      if (changed === 0) {
        throw new DomainError('conflict', refusals[action]);
      }
      return job;
    },
    async actOnAll(access, filter, action) {
      assertOperator(access);
      const { changed, hasMore } = await inBatches(actions[action], executor, filter, mostAtOnce);
      return { changed, hasMore };
    },
    async ownJobs(access, query) {
      const { userId } = access.caller;
      const page = idPage(query, ['own jobs', userId]);
      return page.toPage(await listOwnJobs(executor, userId, internalTypes, page));
    },
    async effects(access, query) {
      const page = idPage(query, ['effects', access.task.id]);
      return page.toPage(await listEffects(executor, access.task.id, effectByType, page));
    },
  };
}
