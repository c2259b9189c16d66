import { describe, expect, it } from 'vitest';
import { loadWorkerConfig } from './worker-config.ts';

const minimal = {
  PUBLIC_URL: 'https://taskflow.example.org:8443',
  DATABASE_URL: 'postgres://taskflow_app:app-password@db:5432/taskflow',
  REDIS_URL: 'redis://:redis-password@redis:6379',
};

describe('loadWorkerConfig', () => {
  it('needs three variables and has a default for the rest', () => {
    expect(loadWorkerConfig(minimal)).toEqual({
      publicUrl: 'https://taskflow.example.org:8443',
      management: { host: '0.0.0.0', port: 9465 },
      database: { url: minimal.DATABASE_URL, poolMax: 10, statementTimeoutMs: 10_000 },
      redis: { url: minimal.REDIS_URL },
      jobs: {
        concurrency: 20,
        defaults: { failureThreshold: 5, cooldownMs: 60_000, maxAttempts: 3, retryDelayMs: 5_000 },
      },
      mail: { smtpUrl: undefined, from: 'TaskFlow <taskflow@taskflow.example.org>' },
      webhooks: { allowedCidrs: [] },
      storage: { kind: 'postgres' },
      log: { level: 'info' },
      lifecycle: { drainDelayMs: 0, gracePeriodMs: 25_000 },
    });
  });

  it('is frozen all the way down', () => {
    const config = loadWorkerConfig(minimal);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.jobs.defaults)).toBe(true);
  });

  it('names every problem at once', () => {
    expect(() =>
      loadWorkerConfig({
        ...minimal,
        WORKER_CONCURRENCY: '0',
        FAILURE_THRESHOLD: 'five',
        COOLDOWN_PERIOD: '-1',
        MAX_RETRIES: '0',
        SMTP_URL: 'https://mail.example.org',
        MAIL_FROM: 'nobody',
        WEBHOOK_ALLOWED_CIDRS: '10.1.0.0/16, 10.2.0.0',
      }),
    ).toThrow(
      [
        'configuration: WORKER_CONCURRENCY must be a whole number from 1 to 1000',
        'configuration: FAILURE_THRESHOLD must be a whole number from 1 to 1000',
        'configuration: COOLDOWN_PERIOD must be a whole number from 1 to 86400',
        'configuration: MAX_RETRIES must be a whole number from 1 to 100',
        'configuration: SMTP_URL must be a URL that starts with smtp:// or smtps://',
        'configuration: MAIL_FROM must be an e-mail address or look like Name <address>',
        'configuration: WEBHOOK_ALLOWED_CIDRS must be ranges of addresses like 10.1.0.0/16',
      ].join('\n'),
    );
  });

  it('keeps files in the database, or in a directory that is named by its absolute path', () => {
    const storageOf = (STORAGE_URL: string) => loadWorkerConfig({ ...minimal, STORAGE_URL }).storage;
    expect(storageOf('postgres:')).toEqual({ kind: 'postgres' });
    expect(storageOf('file:///var/lib/task%20flow')).toEqual({ kind: 'file', directory: '/var/lib/task flow' });
    for (const wrong of ['file://host/path', 'file:relative', 's3://bucket', '/var/lib', 'file:///a?b']) {
      expect(() => storageOf(wrong)).toThrow('STORAGE_URL must be postgres: or file:///path');
    }
  });

  it.each(['ops@example.org', 'TaskFlow of Works <ops@example.org>'])('takes %s as the sender', (from) => {
    expect(loadWorkerConfig({ ...minimal, MAIL_FROM: from }).mail.from).toBe(from);
  });

  it.each([
    'A\r\nBcc: b@example.org <ops@example.org>',
    'Ops <ops>',
    '<ops@example.org>',
    'a@example.org, b@example.org',
  ])('refuses %j as the sender', (from) => {
    expect(() => loadWorkerConfig({ ...minimal, MAIL_FROM: from })).toThrow('configuration: MAIL_FROM must be');
  });

  it('reads the mail server with its password from a file', () => {
    const environment = { ...minimal, SMTP_URL_FILE: '/run/secrets/smtp' };
    const config = loadWorkerConfig(environment, () => 'smtps://user:password@mail.example.org\n');
    expect(config.mail.smtpUrl).toBe('smtps://user:password@mail.example.org');
  });
});
