import { describe, expect, it } from 'vitest';
import { loadApiConfig } from './api-config.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';

const minimal = {
  PUBLIC_URL: 'https://taskflow.example.org',
  DATABASE_URL: 'postgres://taskflow_app:app-password@db:5432/taskflow',
  REDIS_URL: 'redis://:redis-password@redis:6379',
};

function problemsOf(load: () => unknown): readonly ConfigProblem[] {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems;
    }
    throw error;
  }
  return [];
}

describe('loadApiConfig', () => {
  it('needs three variables and has a default for the rest', () => {
    expect(loadApiConfig(minimal)).toEqual({
      publicUrl: 'https://taskflow.example.org',
      http: { host: '0.0.0.0', port: 8000, trustedProxyHops: 0 },
      management: { host: '0.0.0.0', port: 9464 },
      database: { url: minimal.DATABASE_URL, poolMax: 10, statementTimeoutMs: 10_000 },
      redis: { url: minimal.REDIS_URL },
      accounts: { registration: 'open', operatorEmails: [], sessionTtlDays: 30 },
      mail: { provider: undefined },
      storage: { kind: 'postgres' },
      limits: { readsPerMinute: 6_000, writesPerMinute: 1_200 },
      log: { level: 'info' },
      lifecycle: { drainDelayMs: 5_000, gracePeriodMs: 25_000 },
    });
  });

  it('is frozen all the way down', () => {
    const config = loadApiConfig({ ...minimal, OPERATOR_EMAILS: 'ops@example.org' });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.http)).toBe(true);
    expect(Object.isFrozen(config.accounts.operatorEmails)).toBe(true);
  });

  it('names every problem at once', () => {
    const problems = problemsOf(() =>
      loadApiConfig({
        PUBLIC_URL: 'https://taskflow.example.org/app',
        DATABASE_URL: 'mysql://root@db/taskflow',
        PORT: '80a',
        MANAGEMENT_PORT: '65536',
        REGISTRATION: 'maybe',
        OPERATOR_EMAILS: 'ops@example.org, nobody',
        SESSION_TTL_DAYS: '0',
        GRACE_PERIOD_MS: '-1',
      }),
    );
    expect(problems).toEqual([
      { variable: 'PUBLIC_URL', message: 'must have no path, query or fragment' },
      { variable: 'DATABASE_URL', message: 'must be a URL that starts with postgres:// or postgresql://' },
      { variable: 'REDIS_URL', message: 'is required' },
      { variable: 'PORT', message: 'must be a whole number from 0 to 65535' },
      { variable: 'MANAGEMENT_PORT', message: 'must be a whole number from 0 to 65535' },
      { variable: 'REGISTRATION', message: 'must be one of open, invite, closed' },
      { variable: 'OPERATOR_EMAILS', message: 'must be e-mail addresses separated by commas' },
      { variable: 'SESSION_TTL_DAYS', message: 'must be a whole number from 1 to 365' },
      { variable: 'GRACE_PERIOD_MS', message: 'must be a whole number from 0 to 3600000' },
    ]);
  });

  it('never repeats a value in a problem', () => {
    const value = 'sekret-value';
    const names = ['PUBLIC_URL', 'DATABASE_URL', 'REDIS_URL', 'PORT', 'REGISTRATION', 'OPERATOR_EMAILS', 'LOG_LEVEL'];
    const environment = Object.fromEntries(names.map((name) => [name, value]));
    const problems = problemsOf(() => loadApiConfig(environment));
    expect(problems).toHaveLength(names.length);
    expect(JSON.stringify(problems)).not.toContain(value);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadApiConfig({ ...minimal, PORT: '' }).http.port).toBe(8000);
    expect(problemsOf(() => loadApiConfig({ ...minimal, REDIS_URL: '' }))).toEqual([
      { variable: 'REDIS_URL', message: 'is required' },
    ]);
  });

  it('reads a secret from a file, without the line break at its end', () => {
    const { DATABASE_URL, ...others } = minimal;
    const files: Record<string, string> = { '/run/secrets/database': `${DATABASE_URL}\n` };
    const environment = { ...others, DATABASE_URL_FILE: '/run/secrets/database' };
    const config = loadApiConfig(environment, (path) => files[path] ?? '');
    expect(config.database.url).toBe(DATABASE_URL);
  });

  it('names the variable of a file that cannot be read, once', () => {
    const { DATABASE_URL: _, ...others } = minimal;
    expect(problemsOf(() => loadApiConfig({ ...others, DATABASE_URL_FILE: '/nowhere/database' }))).toEqual([
      { variable: 'DATABASE_URL_FILE', message: 'names a file that cannot be read (ENOENT)' },
    ]);
  });

  it('refuses a secret that is given twice', () => {
    const environment = { ...minimal, REDIS_URL_FILE: '/run/secrets/redis' };
    expect(problemsOf(() => loadApiConfig(environment))).toEqual([
      { variable: 'REDIS_URL', message: 'and REDIS_URL_FILE are both set: choose one' },
    ]);
  });

  it('does not read files for what is no secret', () => {
    expect(loadApiConfig({ ...minimal, PORT_FILE: '/etc/port' }).http.port).toBe(8000);
  });

  it('brings addresses into the form that is compared later', () => {
    const config = loadApiConfig({
      ...minimal,
      PUBLIC_URL: 'HTTPS://TaskFlow.Example.org:443/',
      OPERATOR_EMAILS: ' Ops@Example.org ,, second@example.org',
    });
    expect(config.publicUrl).toBe('https://taskflow.example.org');
    expect(config.accounts.operatorEmails).toEqual(['ops@example.org', 'second@example.org']);
  });

  it('knows the mail server by its host alone', () => {
    const config = loadApiConfig({ ...minimal, SMTP_URL: 'smtps://user:secret@mail.example.org:465' });
    expect(config.mail).toEqual({ provider: 'mail.example.org' });
    expect(() => loadApiConfig({ ...minimal, SMTP_URL: 'smtp:nowhere' })).toThrow(/SMTP_URL/);
  });
});

describe('ConfigError', () => {
  it('reads as one line per problem and ends a process with EX_CONFIG', () => {
    const error = new ConfigError([
      { variable: 'PORT', message: 'is wrong' },
      { variable: 'REDIS_URL', message: 'is required' },
    ]);
    expect(error.message).toBe('configuration: PORT is wrong\nconfiguration: REDIS_URL is required');
    expect(error.exitCode).toBe(78);
  });
});
