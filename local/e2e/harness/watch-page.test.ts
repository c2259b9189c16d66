import { describe, expect } from 'vitest';
import { test } from './test.ts';
import { watchPage } from './watch-page.ts';

describe('watchPage', () => {
  test('notes everything that a page does wrong, but what the test announced', async ({ browser, product }) => {
    const context = await browser.newContext({ baseURL: product.url });
    const page = await context.newPage();
    const watch = watchPage(page);
    watch.tolerate(/^GET \/api\/v1\/announced 404$/);
    await page.goto('/sign-in');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(watch.problems).toEqual([]);

    await page.evaluate(`
      document.body.append(Object.assign(document.createElement('script'), { text: 'document.title = "inline"' }));
      console.error('written by the page');
      setTimeout(() => { throw new Error('thrown by the page'); });
      void fetch('/api/v1/announced').then(() => fetch('/api/v1/nowhere'));
    `);
    const expected = [/Content Security Policy/, /written by the page/, /thrown by the page/, /^GET .*nowhere 404$/];
    await expect
      .poll(() => expected.filter((pattern) => !watch.problems.some((problem) => pattern.test(problem))))
      .toEqual([]);
    expect(watch.problems).toHaveLength(expected.length);
    await context.close();
  });
});
