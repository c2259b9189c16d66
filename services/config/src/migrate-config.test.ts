import { describe, expect, it } from 'vitest';
import { loadMigrateConfig } from './migrate-config.ts';

const environment = {
  DATABASE_ADMIN_URL: 'postgres://postgres@db/taskflow',
  DATABASE_OWNER_PASSWORD: 'owner-password',
  DATABASE_APP_PASSWORD: 'app-password',
  DATABASE_READONLY_PASSWORD: 'readonly-password',
};

describe('loadMigrateConfig', () => {
  it('has the address of the database and the passwords of its roles', () => {
    expect(loadMigrateConfig(environment)).toEqual({
      adminUrl: environment.DATABASE_ADMIN_URL,
      passwords: { owner: 'owner-password', app: 'app-password', readonly: 'readonly-password' },
      deadlineMs: 600_000,
      log: { level: 'info' },
    });
  });

  it.each([
    ['short', 'must have at least 8 characters'],
    ['pässword with umlaut', 'must be printable ASCII'],
  ])('refuses the password %s', (password, message) => {
    expect(() => loadMigrateConfig({ ...environment, DATABASE_APP_PASSWORD: password })).toThrow(
      `configuration: DATABASE_APP_PASSWORD ${message}`,
    );
  });
});
