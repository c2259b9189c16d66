import { type JobPriority, jobPriorities } from '@taskflow/contract/jobs';
import type { JobTypeLoad, JobTypeSettings, Queues } from '@taskflow/contract/operations';
import type { Executor } from '@taskflow/db';
import type { CallerAccess } from '../access/access.ts';
import { assertOperator } from '../access/operator.ts';
import { notFound } from '../core/errors.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { findJobType, jobTypes } from './job-catalogue.ts';
import {
  isSeenType,
  type LoadRow,
  readLoad,
  readTime,
  readTypeSettings,
  readWorkers,
  writeTypeSettings,
} from './queue-repository.ts';

/** What waits and runs, for operators. */
export interface QueueService {
  /** @throws DomainError `forbidden` */
  get(access: CallerAccess): Promise<Queues>;
  /** The same for whoever made sure of that already. */
  read(): Promise<Queues>;
  /** Pauses or resumes a type, or gives it another priority. @throws DomainError `forbidden`, `not_found` */
  updateType(
    unit: UnitOfWork,
    access: CallerAccess,
    type: string,
    changes: { readonly isPaused?: boolean | undefined; readonly priority?: JobPriority | null | undefined },
  ): Promise<JobTypeSettings>;
}

type Load = Pick<JobTypeLoad, 'depth' | 'oldestPendingAt' | 'lastMinute'>;

/** Adds up rows of one type or of one priority. */
function sumOf(rows: readonly LoadRow[]): Load {
  const depth = { scheduled: 0, pending: 0, queued: 0, running: 0, retrying: 0, quarantined: 0 };
  const lastMinute = { succeeded: 0, failed: 0 };
  let oldest: Date | undefined;
  for (const row of rows) {
    if (row.what === 'succeeded' || row.what === 'failed') {
      lastMinute[row.what] += row.count;
    } else {
      depth[row.what] += row.count;
    }
    if (row.oldest !== null && (oldest === undefined || row.oldest < oldest)) {
      oldest = row.oldest;
    }
  }
  return { depth, lastMinute, oldestPendingAt: oldest?.toISOString() ?? null };
}

function typeLoads(rows: readonly LoadRow[], settings: readonly JobTypeSettings[]): JobTypeLoad[] {
  const byType = Map.groupBy(rows, ({ type }) => type);
  const decided = new Map(settings.map((decision) => [decision.type, decision]));
  const names = new Set([...jobTypes.map(({ name }) => name), ...byType.keys(), ...decided.keys()]);
  return [...names].toSorted().map((name) => {
    const type = findJobType(name);
    const decision = decided.get(name);
    return {
      type: name,
      isKnown: type !== undefined,
      priority: decision?.priority ?? null,
      defaultPriority: type?.priority ?? null,
      pausedAt: decision?.pausedAt ?? null,
      concurrency: type?.concurrency ?? null,
      ...sumOf(byType.get(name) ?? []),
    };
  });
}

/** @param options.executor reads a few statements that need not be of one moment */
export function createQueueService({ executor }: { readonly executor: Executor }): QueueService {
  async function read(): Promise<Queues> {
    const [rows, settings, workers, { now }] = await Promise.all([
      readLoad(executor),
      readTypeSettings(executor),
      readWorkers(executor),
      readTime(executor),
    ]);
    return {
      at: now,
      queues: jobPriorities.map((priority) => ({
        priority,
        ...sumOf(rows.filter((row) => row.priority === priority)),
      })),
      types: typeLoads(rows, settings),
      workers,
    };
  }

  return {
    read,
    async get(access) {
      assertOperator(access);
      return read();
    },
    async updateType(unit, access, type, changes) {
      assertOperator(access);
      if (findJobType(type) === undefined && !(await isSeenType(unit, type))) {
        throw notFound();
      }
      return writeTypeSettings(unit, type, changes, access.caller.userId);
    },
  };
}
