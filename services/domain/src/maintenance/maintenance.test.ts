import { type Sql, sql } from '@taskflow/db';
import { openBlobStore } from '@taskflow/storage';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId, oldestIdAt } from '../core/ids.ts';
import { type OpenTestDatabase, openTestDatabase } from '../testing/database.ts';
import { seedProject, type SeededProject } from '../testing/seed.ts';
import { createMaintenanceService, type MaintenanceService } from './service.ts';

const dayMs = 86_400_000;
const signal = new AbortController().signal;

let open: OpenTestDatabase;
let seeded: SeededProject;
let maintenance: MaintenanceService;

beforeAll(async () => {
  open = await openTestDatabase();
  seeded = await seedProject(open.database);
});

afterAll(() => open.close());

beforeEach(async () => {
  const blobs = openBlobStore({ database: open.database, newId, settings: { kind: 'postgres' } });
  maintenance = createMaintenanceService({ executor: open.database, blobs, now: Date.now, batchSize: 2 });
  for (const table of [
    sql`job_attempts`,
    sql`jobs`,
    sql`sessions`,
    sql`invitations`,
    sql`idempotency_keys`,
    sql`webhook_deliveries`,
    sql`mails`,
    sql`account_links`,
  ]) {
    await open.database.query(sql`delete from ${table}`);
  }
});

const daysAgo = (days: number): Date => new Date(Date.now() - days * dayMs);
/** An id as it was made then. */
const idOf = (days: number): string => v7({ msecs: Date.now() - days * dayMs });

async function ids(from: Sql): Promise<string[]> {
  const rows = await open.database.query<{ id: string }>(sql`select id::text from ${from} order by id`);
  return rows.map(({ id }) => id);
}

async function insertSession(days: { expired: number; revoked?: number }): Promise<string> {
  const id = v7();
  const revokedAt = days.revoked === undefined ? null : daysAgo(days.revoked);
  await open.database.query(sql`
    insert into sessions (id, user_id, token_hash, user_agent, ip, expires_at, revoked_at)
    values (${id}, ${seeded.userId}, ${Buffer.from(id)}, '', '', ${daysAgo(days.expired)}, ${revokedAt})`);
  return id;
}

async function insertJob(state: string, made: number, finished: number | null): Promise<string> {
  const id = idOf(made);
  const reason = state === 'quarantined' ? 'exhausted' : null;
  await open.database.query(sql`
    insert into jobs (id, type, priority, payload, state, reason, finished_at)
    values (${id}, 'test.x', 'bulk', '{}', ${state}::job_state, ${reason}::quarantine_reason,
      ${finished === null ? null : daysAgo(finished)})`);
  await open.database.query(sql`
    insert into job_attempts (job_id, attempt, outcome, worker, started_at) values (${id}, 1, 'failed', 'w', now())`);
  return id;
}

describe('sessions', () => {
  it('go 30 days after they ran out or were ended, and not before', async () => {
    const [live, justOver, justEnded] = [
      await insertSession({ expired: -1 }),
      await insertSession({ expired: 29 }),
      await insertSession({ expired: -1, revoked: 29 }),
    ];
    await insertSession({ expired: 31 });
    await insertSession({ expired: -1, revoked: 31 });
    expect(await maintenance.purgeSessions(signal)).toBe(2);
    expect(await ids(sql`sessions`)).toEqual([live, justOver, justEnded].toSorted());
  });

  it('go in small batches, past those that stay', async () => {
    for (let turn = 0; turn < 7; turn += 1) {
      await insertSession({ expired: turn % 2 === 0 ? 40 : -1 });
    }
    expect(await maintenance.purgeSessions(signal)).toBe(4);
    expect(await ids(sql`sessions`)).toHaveLength(3);
    expect(await maintenance.purgeSessions(signal)).toBe(0);
  });
});

describe('invitations', () => {
  it('go 90 days after they were used, withdrawn or ran out', async () => {
    const insert = async (expired: number, accepted: number | null, revoked: number | null): Promise<string> => {
      const id = v7();
      const at = (days: number | null): Date | null => (days === null ? null : daysAgo(days));
      await open.database.query(sql`
        insert into invitations (id, workspace_id, email, role, token_hash, invited_by, expires_at, accepted_at, revoked_at)
        values (${id}, ${seeded.access.workspace.id}, 'a@example.com', 'member', ${Buffer.from(id)}, ${seeded.userId},
          ${at(expired)}, ${at(accepted)}, ${at(revoked)})`);
      return id;
    };
    const kept = [await insert(-5, null, null), await insert(-5, 89, null), await insert(89, null, null)];
    await insert(91, null, null);
    await insert(84, 91, null);
    await insert(84, null, 91);
    expect(await maintenance.purgeInvitations(signal)).toBe(3);
    expect(await ids(sql`invitations`)).toEqual(kept.toSorted());
  });
});

describe('idempotency keys', () => {
  it('go when they may not be used any more', async () => {
    const insert = (key: string, minutesLeft: number) =>
      open.database.query(sql`
        insert into idempotency_keys (user_id, method, path, key, body_hash, status, expires_at)
        values (${seeded.userId}, 'POST', '/x', ${key}, '\\x00', 201, now() + make_interval(mins => ${minutesLeft}::int))`);
    for (let turn = 0; turn < 5; turn += 1) {
      await insert(`old-${turn}`, -1);
    }
    await insert('young', 1);
    expect(await maintenance.purgeIdempotencyKeys(signal)).toBe(5);
    expect(await open.database.query(sql`select key from idempotency_keys`)).toEqual([{ key: 'young' }]);
  });
});

describe('mails', () => {
  it('go after 90 days, unless they still wait to be sent', async () => {
    const insert = async (state: string, days: number, jobId: string | null = null): Promise<string> => {
      const id = idOf(days);
      const sentAt = state === 'sent' ? daysAgo(days) : null;
      await open.database.query(sql`
        insert into mails (id, kind, to_address, subject, text, html, state, message_key, created_at, sent_at, job_id)
        values (${id}, 'test', 'a@example.com', '', '', '', ${state}::mail_state, ${id}, ${daysAgo(days)}, ${sentAt},
          ${jobId})`);
      return id;
    };
    const waiting = await insertJob('quarantined', 200, null);
    const kept = [await insert('queued', 200, waiting), await insert('sent', 89), await insert('failed', 1)];
    await insert('sent', 91);
    await insert('failed', 91);
    // its job came too late, or is forgotten already
    await insert('queued', 91, await insertJob('discarded', 91, 91));
    await insert('queued', 91, newId());
    expect(await maintenance.purgeMails(signal)).toBe(4);
    expect(await ids(sql`mails`)).toEqual(kept.toSorted());
  });

  it('leave links behind that go a day after they ran out', async () => {
    const insert = async (hoursLeft: number): Promise<string> => {
      const id = v7();
      await open.database.query(sql`
        insert into account_links (id, user_id, purpose, email, token_hash, expires_at)
        values (${id}, ${seeded.userId}, 'verify_email', 'a@example.com', ${Buffer.from(id)},
          now() + make_interval(hours => ${hoursLeft}::int))`);
      return id;
    };
    const kept = [await insert(1), await insert(-23)];
    await insert(-25);
    expect(await maintenance.purgeAccountLinks(signal)).toBe(1);
    expect(await ids(sql`account_links`)).toEqual(kept.toSorted());
  });
});

describe('jobs', () => {
  it('go 30 days after they ended, with their attempts; nothing that waits ever does', async () => {
    const kept = [
      await insertJob('quarantined', 400, null),
      await insertJob('scheduled', 400, null),
      await insertJob('succeeded', 400, 29),
      await insertJob('succeeded', 1, 1),
      await insertJob('canceled', 29, 29),
    ];
    for (const state of ['succeeded', 'canceled', 'discarded']) {
      await insertJob(state, 400, 31);
      await insertJob(state, 32, 31);
    }
    expect(await maintenance.purgeJobs(signal)).toBe(6);
    expect(await ids(sql`jobs`)).toEqual(kept.toSorted());
    const attempts = await open.database.query<{ job_id: string }>(sql`select job_id from job_attempts order by 1`);
    expect(attempts.map(({ job_id }) => job_id)).toEqual(kept.toSorted());
  });

  it('that nobody let go until their time was over are discarded', async () => {
    const [over, waits, endless] = [
      await insertJob('quarantined', 3, null),
      await insertJob('quarantined', 2, null),
      await insertJob('quarantined', 1, null),
    ];
    await open.database.query(sql`update jobs set expires_at = now() - interval '1 s' where id = ${over}`);
    await open.database.query(sql`update jobs set expires_at = now() + interval '1 h' where id = ${waits}`);
    expect(await maintenance.discardExpiredJobs(signal)).toBe(1);
    expect(await ids(sql`jobs where state = 'discarded' and discard_reason = 'expired'`)).toEqual([over]);
    expect(await ids(sql`jobs where state = 'quarantined'`)).toEqual([waits, endless]);
  });

  it('are not looked at when they are too young to be over', async () => {
    await insertJob('succeeded', 1, 31);
    expect(await maintenance.purgeJobs(signal)).toBe(0);
  });

  it('stay when the run is broken off', async () => {
    await insertJob('succeeded', 400, 31);
    await expect(maintenance.purgeJobs(AbortSignal.abort(new Error('told to leave')))).rejects.toThrow('told to leave');
    expect(await ids(sql`jobs`)).toHaveLength(1);
  });
});

describe('deliveries to webhooks', () => {
  it('go after 30 days, unless their job still waits', async () => {
    const webhookId = v7();
    const workspaceId = seeded.access.workspace.id;
    await open.database.query(sql`
      insert into webhooks (id, workspace_id, url, secret, created_by)
      values (${webhookId}, ${workspaceId}, 'https://example.com/', 'secret', ${seeded.userId})`);
    const insert = async (days: number, jobState?: string): Promise<string> => {
      const id = idOf(days);
      const finished = jobState === 'succeeded' ? days : null;
      const jobId = jobState === undefined ? v7() : await insertJob(jobState, days, finished);
      await open.database.query(sql`
        insert into webhook_deliveries (id, workspace_id, webhook_id, event_type, message_id, request_body, job_id, created_at)
        values (${id}, ${workspaceId}, ${webhookId}, 'ping', ${id}, '{}', ${jobId}, ${daysAgo(days)})`);
      return id;
    };
    const kept = [await insert(29), await insert(31, 'quarantined'), await insert(31, 'pending')];
    await insert(31);
    await insert(31, 'succeeded');
    expect(await maintenance.purgeWebhookDeliveries(signal)).toBe(2);
    expect(await ids(sql`webhook_deliveries`)).toEqual(kept.toSorted());
  });
});

describe('files', () => {
  it('go when their time is over, however many', async () => {
    const blobs = openBlobStore({ database: open.database, newId, settings: { kind: 'postgres' } });
    const { workspace } = seeded.access;
    const description = { workspaceId: workspace.id, createdBy: seeded.userId, fileName: 'a', mediaType: 'text/csv' };
    async function* content() {
      yield Buffer.from('a');
    }
    const put = async () => (await blobs.put(content(), description, { maxBytes: 10 })).id;
    for (let count = 0; count < 41; count += 1) {
      await put();
    }
    await open.database.query(sql`update blobs set expires_at = now() - interval '1 s'`);
    const kept = await put();
    expect(await maintenance.purgeBlobs(signal)).toBe(41);
    expect(await ids(sql`blobs`)).toEqual([kept]);
  });
});

describe('notifications', () => {
  it('go after 90 days, unless they still wait for a mail', async () => {
    await open.database.query(sql`delete from notifications`);
    const insert = async (days: number, waits: boolean): Promise<string> => {
      const id = idOf(days);
      await open.database.query(sql`
        insert into notifications (id, user_id, workspace_id, kind, thread_id, actor_id, mail_pending)
        values (${id}, ${seeded.userId}, ${seeded.access.workspace.id}, 'invited', ${id}, ${seeded.userId}, ${waits})`);
      return id;
    };
    const kept = [await insert(91, true), await insert(89, false)];
    await insert(91, false);
    expect(await maintenance.purgeNotifications(signal)).toBe(1);
    expect(await ids(sql`notifications`)).toEqual(kept.toSorted());
  });
});

describe('events of circuit breakers', () => {
  it('go after 90 days', async () => {
    for (const days of [100, 91, 89, 1]) {
      await open.database.query(sql`
        insert into breaker_events (key, at, from_state, to_state, cause)
        values (${`test@:${days}`}, ${daysAgo(days)}, 'closed', 'open', 'failures')`);
    }
    expect(await maintenance.purgeBreakerEvents(signal)).toBe(2);
    const left = await open.database.query(sql`select key from breaker_events order by id`);
    expect(left).toEqual([{ key: 'test@:89' }, { key: 'test@:1' }]);
  });
});

describe('oldestIdAt', () => {
  it('lies between the ids of two milliseconds', () => {
    const atMs = Date.parse('2026-02-03T04:05:06.789Z');
    expect(v7({ msecs: atMs - 1 }) < oldestIdAt(atMs)).toBe(true);
    expect(v7({ msecs: atMs }) > oldestIdAt(atMs)).toBe(true);
  });
});
