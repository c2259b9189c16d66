import { randomUUID } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { createDatabase, type Database, one, sql } from '@taskflow/db';
import {
  createMailDelivery,
  createMailQueue,
  createUnitOfWorkRunner,
  type MailDraft,
  newId,
  newSecret,
  type UnitOfWorkRunner,
} from '@taskflow/domain';
import { JobFailure, SupersededError } from '@taskflow/jobs';
import { createTestDatabase, type TestDatabase } from '@taskflow/local/embedded/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type MailServerBehaviour, refusal, startMailServer, type TestMailServer } from '../testing/mail-server.ts';
import { type TestJob, testJob } from '../testing/running-job.ts';
import { createEmailSendHandler } from './handler.ts';
import { createMailSender, type MailSender } from './mail-sender.ts';

const publicUrl = 'https://taskflow.example.org';
const ample = { dnsMs: 10_000, connectMs: 10_000, greetingMs: 10_000, silenceMs: 10_000 };
/** For servers that never answer. */
const short = { ...ample, greetingMs: 300, silenceMs: 300 };

let testDatabase: TestDatabase;
let database: Database;
let units: UnitOfWorkRunner;
const cleanUp: (() => void | Promise<void>)[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({
    url: testDatabase.urls.app,
    applicationName: 'test',
    pool: { max: 5, acquireTimeoutMs: 5_000 },
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 5_000,
  });
  units = createUnitOfWorkRunner({ database, onCommitted: () => undefined });
});

afterEach(async () => {
  for (const clean of cleanUp.splice(0).toReversed()) {
    await clean();
  }
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

async function serverThat(behaviour: MailServerBehaviour = {}): Promise<TestMailServer> {
  const server = await startMailServer(behaviour);
  cleanUp.push(() => server.stop());
  return server;
}

function senderTo(port: number, { credentials = '', query = '', timeouts = ample } = {}): MailSender {
  const sender = createMailSender({
    smtpUrl: `smtp://${credentials}127.0.0.1:${port}${query}`,
    from: 'TaskFlow <taskflow@example.org>',
    domain: 'taskflow.example.org',
    timeouts,
  });
  cleanUp.push(() => sender.close());
  return sender;
}

const news: MailDraft = { kind: 'digest', subject: 'News', text: 'Hello {{secret-link}}', html: '<p>Hello</p>' };

/** Queues a mail and answers it with the attempt of its job. */
async function queued(draft: MailDraft = news, to: { address?: string; userId?: string } = {}) {
  const mails = createMailQueue({ newId, newSecret, provider: 'mail.test' });
  const id = await units.run((unit) => mails.queue(unit, draft, { address: 'ann@example.com', ...to }));
  const { job_id: jobId } = await one<{ job_id: string }>(database, sql`select job_id from mails where id = ${id}`);
  return { id: id ?? '', job: testJob({ id: jobId, type: 'email.send' }) };
}

const handlerWith = (sender: MailSender | undefined) =>
  createEmailSendHandler({ database, delivery: createMailDelivery({ executor: database, publicUrl }), sender });

const run = (sender: MailSender | undefined, { id, job }: { id: string; job: TestJob }) =>
  handlerWith(sender).handle({ mailId: id, provider: 'mail.test' }, job);

/** Runs an attempt that must fail, and answers why. */
async function failureOf(sender: MailSender, mail: { id: string; job: TestJob }): Promise<JobFailure> {
  return run(sender, mail).then(
    () => {
      throw new Error('the mail was sent');
    },
    (error: unknown) => {
      if (error instanceof JobFailure) {
        return error;
      }
      throw error;
    },
  );
}

const stateOf = (id: string) =>
  one<{
    state: string;
    reason: string | null;
    attempts: number;
    error_code: string | null;
    error_message: string | null;
    secret_link: string | null;
  }>(database, sql`select state, reason, attempts, error_code, error_message, secret_link from mails where id = ${id}`);

const headerOf = (raw: string, name: string) =>
  new RegExp(`^${name}:\\s+(.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(raw)?.[1]?.replaceAll(/\r\n[ \t]/g, ' ');

describe('a mail', () => {
  it('goes out in both forms, under an id that is the same on every attempt, and is on record with its job', async () => {
    const server = await serverThat();
    const mail = await queued();
    await run(senderTo(server.port), mail);
    expect(server.mails).toMatchObject([{ from: 'taskflow@example.org', to: ['ann@example.com'] }]);
    const raw = server.mails[0]?.raw ?? '';
    expect(headerOf(raw, 'Message-ID')).toBe(`<${mail.id}@taskflow.example.org>`);
    expect(headerOf(raw, 'Auto-Submitted')).toBe('auto-generated');
    expect(headerOf(raw, 'List-Unsubscribe')).toBeUndefined();
    expect(raw).toContain('text/plain');
    expect(raw).toContain('text/html');
    expect(await stateOf(mail.id)).toMatchObject({ state: 'sent', attempts: 1, error_code: null });
    expect(mail.job.completions).toEqual([{ mailId: mail.id, sent: true }]);
  });

  it('carries the link that lets somebody in, which is gone as soon as the mail is sent', async () => {
    const server = await serverThat();
    const mail = await queued({ ...news, secretLink: 'https://taskflow.example.org/reset/abc' });
    expect((await stateOf(mail.id)).secret_link).toContain('/reset/abc');
    await run(senderTo(server.port), mail);
    expect(server.mails[0]?.raw).toContain('https://taskflow.example.org/reset/abc');
    expect((await stateOf(mail.id)).secret_link).toBeNull();
  });

  it('of a topic can be turned off by one click (RFC 8058)', async () => {
    const userId = newId();
    await database.query(
      sql`insert into users (id, email, name) values (${userId}, ${`${userId}@example.com`}, 'Ann')`,
    );
    const server = await serverThat();
    const mail = await queued({ ...news, topic: 'digest', text: 'Off: {{unsubscribe-link}}' }, { userId });
    await run(senderTo(server.port), mail);
    const raw = server.mails[0]?.raw ?? '';
    const [, token] =
      /^<https:\/\/taskflow\.example\.org\/api\/v1\/mail\/unsubscribe\/([\w-]{43})>$/.exec(
        headerOf(raw, 'List-Unsubscribe') ?? '',
      ) ?? [];
    expect(token).toBeDefined();
    expect(headerOf(raw, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
    expect(raw.replaceAll('=\r\n', '')).toContain(`Off: https://taskflow.example.org/unsubscribe/${token}`);
  });

  it('is not sent again by a job that was tried again, nor by one that another has replaced', async () => {
    const server = await serverThat();
    const sender = senderTo(server.port);
    const mail = await queued();
    await run(sender, mail);
    expect(await run(sender, mail)).toEqual({ skipped: true });
    const other = await queued();
    await database.query(sql`update mails set job_id = ${randomUUID()} where id = ${other.id}`);
    expect(await run(sender, other)).toEqual({ skipped: true });
    expect(server.mails).toHaveLength(1);
  });

  it('is not on record as sent when its attempt is no longer the current one', async () => {
    const server = await serverThat();
    const { id, job } = await queued();
    const late = testJob(job, () => Promise.reject(new SupersededError('late')));
    await expect(run(senderTo(server.port), { id, job: late })).rejects.toBeInstanceOf(SupersededError);
    expect(await stateOf(id)).toMatchObject({ state: 'queued', attempts: 0 });
  });

  it('is held back, and opens nothing, where there is no mail server', async () => {
    const mail = await queued({ ...news, secretLink: 'https://taskflow.example.org/reset/abc' });
    await run(undefined, mail);
    expect(await stateOf(mail.id)).toMatchObject({ state: 'suppressed', reason: 'no_smtp', secret_link: null });
    expect(mail.job.completions).toEqual([{ mailId: mail.id, sent: false }]);
  });

  it('shares a connection with those before it', async () => {
    const server = await serverThat();
    const sender = senderTo(server.port);
    for (const mail of [await queued(), await queued(), await queued()]) {
      await run(sender, mail);
    }
    expect(server.mails).toHaveLength(3);
    expect(server.connections).toBe(1);
  });
});

describe('a refusal', () => {
  it.each<[string, MailServerBehaviour, object, object]>([
    [
      'for now is tried again and counts',
      { onMail: () => Promise.resolve(refusal(451, '4.3.2 Try later')) },
      { code: 'SMTP_4XX', retryable: true, countsForBreaker: true },
      { state: 'queued', attempts: 1, error_code: 'SMTP_4XX' },
    ],
    [
      'for now of a full mailbox is tried again and says nothing about the server',
      { onRecipient: () => refusal(452, '4.2.2 Mailbox full') },
      { code: 'SMTP_4XX', retryable: true, countsForBreaker: false },
      { state: 'queued', attempts: 1 },
    ],
    [
      'of a mailbox that there is not is for good and says nothing about the server',
      { onRecipient: () => refusal(550, '5.1.1 No such user') },
      { code: 'SMTP_MAILBOX', retryable: false, countsForBreaker: false },
      { state: 'failed', error_code: 'SMTP_MAILBOX' },
    ],
    [
      'of a recipient without further words is about the mailbox',
      { onRecipient: () => refusal(550, 'Unknown') },
      { code: 'SMTP_MAILBOX', retryable: false, countsForBreaker: false },
      { state: 'failed' },
    ],
    [
      'to relay is about us: the mail waits for better times',
      { onRecipient: () => refusal(554, '5.7.1 Relay access denied') },
      { code: 'SMTP_5XX', retryable: false, countsForBreaker: true },
      { state: 'queued', error_code: 'SMTP_5XX' },
    ],
    [
      'of the sender is about us',
      { onSender: () => refusal(550, '5.1.8 Bad sender') },
      { code: 'SMTP_5XX', retryable: false, countsForBreaker: true },
      { state: 'queued' },
    ],
    [
      'of the content is about this mail',
      { onMail: () => Promise.resolve(refusal(554, '5.6.0 Malformed')) },
      { code: 'SMTP_5XX', retryable: false, countsForBreaker: false },
      { state: 'failed' },
    ],
    [
      'at the door is about us',
      { onConnect: () => refusal(421, '4.7.0 Too many connections') },
      { code: 'SMTP_4XX', retryable: true, countsForBreaker: true },
      { state: 'queued' },
    ],
  ])('%s', async (_, behaviour, failure, state) => {
    const server = await serverThat(behaviour);
    const mail = await queued();
    expect(await failureOf(senderTo(server.port), mail)).toMatchObject(failure);
    expect(await stateOf(mail.id)).toMatchObject(state);
    expect(mail.job.completions).toEqual([]);
  });

  it('of the password counts against the server and is tried again', async () => {
    const server = await serverThat({ password: 'right', offersTls: true });
    const mail = await queued();
    const sender = senderTo(server.port, { credentials: 'us:wrong@', query: '?tls.rejectUnauthorized=false' });
    expect(await failureOf(sender, mail)).toMatchObject({ code: 'SMTP_AUTH', retryable: true, countsForBreaker: true });
    expect((await stateOf(mail.id)).error_message).not.toContain('wrong@');
  });

  it('for want of a password counts against the server', async () => {
    const server = await serverThat({ password: 'right' });
    const failure = await failureOf(senderTo(server.port), await queued());
    expect(failure).toMatchObject({ code: 'SMTP_AUTH', countsForBreaker: true });
  });

  it('of an address that is none is for good, and no reason to doubt the server', async () => {
    const server = await serverThat();
    const mail = await queued(news, { address: 'no address' });
    expect(await failureOf(senderTo(server.port), mail)).toMatchObject({ retryable: false, countsForBreaker: false });
    expect(await stateOf(mail.id)).toMatchObject({ state: 'failed' });
  });
});

describe('TLS', () => {
  it('is used where it is offered, and a password goes over nothing else', async () => {
    const server = await serverThat({ password: 'right', offersTls: true });
    const sender = senderTo(server.port, { credentials: 'us:right@', query: '?tls.rejectUnauthorized=false' });
    await run(sender, await queued());
    expect(server.mails).toMatchObject([{ isSecure: true, user: 'us' }]);
    const plain = await serverThat({ password: 'right' });
    const failure = await failureOf(senderTo(plain.port, { credentials: 'us:right@' }), await queued());
    expect(failure).toMatchObject({ code: 'SMTP_TLS', retryable: true });
    expect(plain.mails).toEqual([]);
  });

  it('takes no certificate that nobody vouches for', async () => {
    const server = await serverThat({ offersTls: true });
    const failure = await failureOf(senderTo(server.port), await queued());
    expect(failure.code).toBe('SMTP_TLS');
    expect(server.mails).toEqual([]);
  });
});

describe('a connection', () => {
  it('that is refused is told by its code', async () => {
    const server = await startMailServer();
    await server.stop();
    const mail = await queued();
    expect(await failureOf(senderTo(server.port), mail)).toMatchObject({
      code: 'ECONNREFUSED',
      retryable: true,
      countsForBreaker: true,
    });
    expect(await stateOf(mail.id)).toMatchObject({ state: 'queued', attempts: 1, error_code: 'ECONNREFUSED' });
  });

  it('on which nobody says hello ends in time', async () => {
    const silent: Server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    cleanUp.push(() => void silent.close());
    const address = silent.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    expect(await failureOf(senderTo(port, { timeouts: short }), await queued())).toMatchObject({
      code: 'TIMEOUT',
      retryable: true,
    });
  });

  it('on which the other side falls silent ends in time', async () => {
    const server = await serverThat({ onMail: () => new Promise(() => undefined) });
    const sender = senderTo(server.port, { timeouts: short });
    expect(await failureOf(sender, await queued())).toMatchObject({ code: 'TIMEOUT', retryable: true });
  });

  it('that breaks off in the middle of a mail fails that attempt and no later one', async () => {
    let breaks = true;
    const server = await serverThat();
    const proxy = createServer((client) => {
      const upstream = connect(server.port, '127.0.0.1');
      client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
      upstream.on('error', () => client.destroy()).pipe(client);
      client.on('data', (chunk: Buffer) => {
        if (breaks && chunk.includes('Message-ID')) {
          client.destroy();
        } else {
          upstream.write(chunk);
        }
      });
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    cleanUp.push(() => void proxy.close());
    const address = proxy.address();
    const sender = senderTo(address !== null && typeof address === 'object' ? address.port : 0);
    const mail = await queued();
    expect(await failureOf(sender, mail)).toMatchObject({ code: 'ECONNRESET', retryable: true });
    expect(server.mails).toEqual([]);
    breaks = false;
    await run(sender, mail);
    expect(server.mails).toHaveLength(1);
    expect(await stateOf(mail.id)).toMatchObject({ state: 'sent', attempts: 2 });
  });

  it('is closed at once when the attempt is aborted, and the mail goes nowhere', async () => {
    const arrived = Promise.withResolvers<void>();
    const server = await serverThat({
      onMail: () => {
        arrived.resolve();
        return new Promise(() => undefined);
      },
    });
    const mail = await queued();
    const canceled = new Error('canceled');
    const running = run(senderTo(server.port), mail);
    await arrived.promise;
    mail.job.abort(canceled);
    await expect(running).rejects.toBe(canceled);
    await expect.poll(() => server.open.size).toBe(0);
    expect(await stateOf(mail.id)).toMatchObject({ state: 'queued', attempts: 0 });
  });

  it('is not even made for an attempt that was aborted before', async () => {
    const server = await serverThat();
    const mail = await queued();
    mail.job.abort(new Error('canceled'));
    await expect(run(senderTo(server.port), mail)).rejects.toThrow('canceled');
    expect(server.connections).toBe(0);
  });
});
