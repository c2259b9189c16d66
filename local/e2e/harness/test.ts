import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { test as base } from 'vitest';
import { createTestDatabase, testRedisUrl } from '../../embedded/testing/index.ts';
import { launchChromium } from './chromium.ts';
import { type Person, type Product, startProduct } from './product.ts';
import { type PageWatch, watchPage } from './watch-page.ts';

/** How long anything that a person waits for may take on a busy machine. */
const PATIENCE_MS = 20_000;
const REPORTS = path.join(tmpdir(), 'taskflow-e2e');

/** Somebody's browser: its own cookies, storage and window. */
export interface Visitor extends PageWatch {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Opens an address of the product. */
  goto(address: string): Promise<void>;
}

/** How a browser is opened. */
export interface VisitOptions extends Pick<BrowserContextOptions, 'colorScheme' | 'hasTouch' | 'viewport'> {
  /** Who is signed in there. */
  readonly as?: Person;
  /** What is opened first. */
  readonly at?: string;
}

type Visit = (options?: VisitOptions) => Promise<Visitor>;

/**
 * A test with the whole product, a browser, and `visit`, which opens a window of somebody's own. A test fails with
 * any error on the console, uncaught error, refused or failed request that it did not say to tolerate; what was on the
 * screen and what went wrong is kept in a temporary folder.
 */
export const test = base
  .extend<'product', Product>('product', { scope: 'file' }, async ({}, { onCleanup }) => {
    const database = await createTestDatabase();
    const product = await startProduct({ databaseUrl: database.urls.app, redisUrl: await testRedisUrl() });
    onCleanup(async () => {
      await product.stop();
      await database.drop();
    });
    return product;
  })
  .extend<'browser', Browser>('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await launchChromium();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend<'visit', Visit>('visit', async ({ product, browser, task }, { onCleanup }) => {
    const visitors: Visitor[] = [];
    onCleanup(async () => {
      const problems = visitors.flatMap((visitor) => visitor.problems);
      if (problems.length > 0 || task.result?.state === 'fail') {
        const folder = await keepReport(task.name, visitors);
        process.stderr.write(`What was on the screen: ${folder}\n`);
      }
      await Promise.all(visitors.map(({ context }) => context.close()));
      if (problems.length > 0) {
        throw new Error(`The browser reported problems:\n${problems.join('\n')}`);
      }
    });
    return async ({ as, at, ...options } = {}) => {
      const visitor = await openWindow(browser, product.url, as, options);
      visitors.push(visitor);
      if (at !== undefined) {
        await visitor.goto(at);
      }
      return visitor;
    };
  });

async function openWindow(
  browser: Browser,
  url: string,
  person: Person | undefined,
  options: BrowserContextOptions,
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  if (person?.client.cookie !== undefined) {
    await context.addCookies([{ ...person.client.cookie, url, httpOnly: true, sameSite: 'Lax' }]);
  }
  const page = await context.newPage();
  return {
    page,
    context,
    ...watchPage(page),
    goto: async (address) => void (await page.goto(address)),
  };
}

async function keepReport(testName: string, visitors: readonly Visitor[]): Promise<string> {
  const folder = path.join(REPORTS, `${process.pid}`, testName.replaceAll(/\W+/g, '-').slice(0, 80));
  await mkdir(folder, { recursive: true });
  for (const [index, { page, problems }] of visitors.entries()) {
    const name = path.join(folder, `window-${index + 1}`);
    await page.screenshot({ path: `${name}.png` }).catch(() => undefined);
    const text = await page.ariaSnapshot().catch(() => '');
    await writeFile(`${name}.txt`, [page.url(), ...problems, '', text].join('\n'));
  }
  return folder;
}
