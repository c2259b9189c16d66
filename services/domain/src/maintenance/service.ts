import { finalJobStates } from '@taskflow/contract/jobs';
import { type Executor, type Sql, sql } from '@taskflow/db';
import { discardExpired } from '@taskflow/jobs';
import type { BlobStore } from '@taskflow/storage';
import { oldestIdAt } from '../core/ids.ts';
import { purgeExpiredKeys, purgeNext, type Walk } from './repository.ts';

/** Keeps tables from growing with what nobody needs any more. Each answers how many rows it deleted. */
export interface MaintenanceService {
  /** Sessions that ended, were ended or ran out 30 days ago. */
  purgeSessions(signal: AbortSignal): Promise<number>;
  /** Invitations that were used, withdrawn or ran out 90 days ago. */
  purgeInvitations(signal: AbortSignal): Promise<number>;
  /** Mails of 90 days ago, unless their job still waits. */
  purgeMails(signal: AbortSignal): Promise<number>;
  /** Links that verify an address or set a password, a day after they ran out. */
  purgeAccountLinks(signal: AbortSignal): Promise<number>;
  /** Deliveries to webhooks of 30 days ago, unless their job still waits. */
  purgeWebhookDeliveries(signal: AbortSignal): Promise<number>;
  /** What people were told 90 days ago, read or not. */
  purgeNotifications(signal: AbortSignal): Promise<number>;
  /** Answers for writes that are sent again, from the moment when they may not be used any more. */
  purgeIdempotencyKeys(signal: AbortSignal): Promise<number>;
  /** Quarantined jobs that are of no use any more. @returns how many were discarded */
  discardExpiredJobs(signal: AbortSignal): Promise<number>;
  /** Final jobs that ended 30 days ago, with their attempts. What waits or is quarantined stays, however old. */
  purgeJobs(signal: AbortSignal): Promise<number>;
  /** Files whose time is over. */
  purgeBlobs(signal: AbortSignal): Promise<number>;
  /** What circuit breakers did 90 days ago. */
  purgeBreakerEvents(signal: AbortSignal): Promise<number>;
}

/** Options of {@link createMaintenanceService}. */
export interface MaintenanceServiceOptions {
  readonly executor: Executor;
  readonly blobs: Pick<BlobStore, 'removeExpired'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Rows of one statement. @default 1000 */
  readonly batchSize?: number;
}

const keptDays = {
  sessions: 30,
  invitations: 90,
  mails: 90,
  accountLinks: 1,
  webhookDeliveries: 30,
  notifications: 90,
  jobs: 30,
  breakerEvents: 90,
} as const;
const dayMs = 86_400_000;

/** Files that are forgotten between two looks at the signal. */
const blobsAtOnce = 20;

const isFinal = (job: Sql): Sql => sql`${job}.state = any(${[...finalJobStates]}::job_state[])`;

const waitingJob = (id: Sql): Sql => sql`select from jobs j where j.id = ${id} and not ${isFinal(sql`j`)}`;

const endedBefore = (instant: Sql, days: number): Sql => sql`${instant} < now() - make_interval(days => ${days}::int)`;

/** Upkeep over one database. Every step is a transaction of its own: what was deleted stays so when a run is broken off. */
export function createMaintenanceService(options: MaintenanceServiceOptions): MaintenanceService {
  const { executor, blobs, now, batchSize = 1_000 } = options;

  async function walk(signal: AbortSignal, what: Omit<Walk, 'batchSize'>): Promise<number> {
    let [deleted, lastId]: [number, string | null] = [0, null];
    do {
      signal.throwIfAborted();
      const step = await purgeNext(executor, { ...what, batchSize }, lastId);
      deleted += step.deleted;
      lastId = step.lastId;
    } while (lastId !== null);
    return deleted;
  }

  return {
    purgeSessions: (signal) =>
      walk(signal, {
        table: 'sessions',
        idType: 'uuid',
        isOver: endedBefore(sql`least(t.expires_at, t.revoked_at)`, keptDays.sessions),
      }),
    purgeInvitations: (signal) =>
      walk(signal, {
        table: 'invitations',
        idType: 'uuid',
        isOver: endedBefore(sql`least(t.expires_at, t.accepted_at, t.revoked_at)`, keptDays.invitations),
      }),
    purgeMails: (signal) =>
      walk(signal, {
        table: 'mails',
        idType: 'uuid',
        isOver: sql`
          ${endedBefore(sql`t.created_at`, keptDays.mails)}
            and not (t.state = 'queued' and exists (${waitingJob(sql`t.job_id`)}))`,
        beforeId: oldestIdAt(now() - keptDays.mails * dayMs),
      }),
    purgeAccountLinks: (signal) =>
      walk(signal, {
        table: 'account_links',
        idType: 'uuid',
        isOver: endedBefore(sql`t.expires_at`, keptDays.accountLinks),
      }),
    purgeWebhookDeliveries: (signal) =>
      walk(signal, {
        table: 'webhook_deliveries',
        idType: 'uuid',
        isOver: sql`
          ${endedBefore(sql`t.created_at`, keptDays.webhookDeliveries)}
            and not exists (${waitingJob(sql`t.job_id`)})`,
        beforeId: oldestIdAt(now() - keptDays.webhookDeliveries * dayMs),
      }),
    purgeNotifications: (signal) =>
      walk(signal, {
        table: 'notifications',
        idType: 'uuid',
        isOver: sql`not t.mail_pending`,
        beforeId: oldestIdAt(now() - keptDays.notifications * dayMs),
      }),
    purgeIdempotencyKeys: (signal) => repeat(signal, batchSize, (most) => purgeExpiredKeys(executor, most)),
    discardExpiredJobs: (signal) => repeat(signal, batchSize, (most) => discardExpired(executor, most)),
    purgeJobs: (signal) =>
      walk(signal, {
        table: 'jobs',
        idType: 'uuid',
        isOver: sql`${isFinal(sql`t`)} and ${endedBefore(sql`t.finished_at`, keptDays.jobs)}`,
        // a job ends after it was accepted, so a younger one need not be looked at
        beforeId: oldestIdAt(now() - keptDays.jobs * dayMs),
      }),
    purgeBlobs: (signal) => repeat(signal, blobsAtOnce, (most) => blobs.removeExpired(most)),
    purgeBreakerEvents: (signal) =>
      walk(signal, {
        table: 'breaker_events',
        idType: 'bigint',
        isOver: endedBefore(sql`t.at`, keptDays.breakerEvents),
      }),
  };
}

/** Does a step until it finds less than the most that it may do. @returns the sum */
async function repeat(signal: AbortSignal, most: number, step: (most: number) => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    signal.throwIfAborted();
    const done = await step(most);
    total += done;
    if (done < most) {
      return total;
    }
  }
}
