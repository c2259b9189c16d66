import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { path, withGeneratedTables } from '../scripts/configuration-document.ts';
import { describeVariables } from './describe-variables.ts';

describe('describeVariables', () => {
  it('lists every variable of the api process with its default', () => {
    const defaults = Object.fromEntries(describeVariables().api.map((variable) => [variable.name, variable.default]));
    expect(defaults).toEqual({
      PUBLIC_URL: undefined,
      DATABASE_URL: undefined,
      REDIS_URL: undefined,
      HOST: '0.0.0.0',
      PORT: '8000',
      MANAGEMENT_PORT: '9464',
      TRUSTED_PROXY_HOPS: '0',
      REGISTRATION: 'open',
      OPERATOR_EMAILS: '',
      SESSION_TTL_DAYS: '30',
      RATE_LIMIT_READS: '6000',
      RATE_LIMIT_WRITES: '1200',
      STORAGE_URL: 'postgres:',
      DATABASE_POOL_MAX: '10',
      DATABASE_STATEMENT_TIMEOUT_MS: '10000',
      LOG_LEVEL: 'info',
      DRAIN_DELAY_MS: '5000',
      GRACE_PERIOD_MS: '25000',
    });
  });

  it('lists every variable of the worker process with its default', () => {
    const defaults = Object.fromEntries(
      describeVariables().worker.map((variable) => [variable.name, variable.default]),
    );
    expect(defaults).toEqual({
      PUBLIC_URL: undefined,
      DATABASE_URL: undefined,
      REDIS_URL: undefined,
      HOST: '0.0.0.0',
      MANAGEMENT_PORT: '9465',
      WORKER_CONCURRENCY: '20',
      FAILURE_THRESHOLD: '5',
      COOLDOWN_PERIOD: '60',
      MAX_RETRIES: '3',
      RETRY_DELAY_MS: '5000',
      SMTP_URL: undefined,
      MAIL_FROM: undefined,
      WEBHOOK_ALLOWED_CIDRS: '',
      STORAGE_URL: 'postgres:',
      DATABASE_POOL_MAX: '10',
      DATABASE_STATEMENT_TIMEOUT_MS: '10000',
      LOG_LEVEL: 'info',
      DRAIN_DELAY_MS: '0',
      GRACE_PERIOD_MS: '25000',
    });
  });

  it('lists every variable of the migrate process with its default', () => {
    const defaults = Object.fromEntries(
      describeVariables().migrate.map((variable) => [variable.name, variable.default]),
    );
    expect(defaults).toEqual({
      DATABASE_ADMIN_URL: undefined,
      DATABASE_OWNER_PASSWORD: undefined,
      DATABASE_APP_PASSWORD: undefined,
      DATABASE_READONLY_PASSWORD: undefined,
      MIGRATE_DEADLINE_MS: '600000',
      LOG_LEVEL: 'info',
    });
  });

  it('says which are required and which are secrets', () => {
    const { api, worker, migrate } = describeVariables();
    for (const variables of [api, worker]) {
      expect(variables.filter(({ required }) => required).map(({ name }) => name)).toEqual([
        'PUBLIC_URL',
        'DATABASE_URL',
        'REDIS_URL',
      ]);
    }
    expect([...api, ...worker, ...migrate].filter(({ secret }) => secret).map(({ name }) => name)).toEqual([
      'DATABASE_URL',
      'REDIS_URL',
      'SMTP_URL',
      'DATABASE_URL',
      'REDIS_URL',
      'SMTP_URL',
      'DATABASE_ADMIN_URL',
      'DATABASE_OWNER_PASSWORD',
      'DATABASE_APP_PASSWORD',
      'DATABASE_READONLY_PASSWORD',
    ]);
  });
});

describe('docs/configuration.md', () => {
  it('is what the loaders say (npm run docs:write -w services/config)', () => {
    const document = readFileSync(path, 'utf8');
    expect(document).toBe(withGeneratedTables(document));
  });
});
