import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const excluded = ['**/node_modules/**', '**/dist/**'];

/**
 * Three projects: `services` runs unit and integration tests against a real PostgreSQL and Redis, `frontend` runs
 * components in jsdom, `e2e` drives the whole product in a browser.
 */
export default defineConfig({
  test: {
    // A killed or hanging server must fail a test, not hold the run.
    teardownTimeout: 30_000,
    // Many tests wait for servers and leases more than they compute.
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      {
        test: {
          name: 'services',
          environment: 'node',
          include: ['services/**/*.test.ts', 'local/**/*.test.ts'],
          exclude: [...excluded, 'local/e2e/**'],
          globalSetup: ['./local/embedded/testing/global-setup.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
          pool: 'forks',
        },
      },
      {
        test: {
          name: 'frontend',
          root: './frontend',
          environment: 'jsdom',
          include: ['src/**/*.test.{ts,tsx}'],
          exclude: excluded,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['local/e2e/**/*.test.ts'],
          exclude: excluded,
          globalSetup: ['./local/embedded/testing/global-setup.ts', './local/e2e/harness/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          pool: 'forks',
          // One browser at a time: two cores are shared with the servers under test.
          fileParallelism: false,
        },
      },
    ],
  },
});
