import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { card, column, panel, see, seeCardIn } from './harness/page-parts.ts';
import { createTeam } from './harness/team.ts';
import { test } from './harness/test.ts';

/** How bright the page is behind everything, from 0 to 255. */
async function brightness(page: Page): Promise<number> {
  const color = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const parts =
    color
      .match(/[\d.]+/g)
      ?.slice(0, 3)
      .map(Number) ?? [];
  return parts.reduce((sum, part) => sum + part, 0) / 3;
}

const isWiderThanItsWindow = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');

describe('appearance', () => {
  test('dark when the system is dark, and as the person chooses; the choice stays', async ({ product, visit }) => {
    const team = await createTeam(product);
    const { page } = await visit({ as: team.owner, at: team.address('board'), colorScheme: 'dark' });
    await see(column(page, 'Backlog'));
    await expect(brightness(page)).resolves.toBeLessThan(60);

    await page.getByRole('button', { name: 'Your menu: Ann Berg' }).click();
    await page.getByRole('menuitemradio', { name: 'Light' }).click();
    await expect.poll(() => brightness(page)).toBeGreaterThan(200);
    await page.reload();
    await see(column(page, 'Backlog'));
    await expect(brightness(page)).resolves.toBeGreaterThan(200);
  });

  test('on a phone the board and a task fit the screen', async ({ product, visit }) => {
    const team = await createTeam(product);
    await team.task('Order timber');
    const viewport = { width: 375, height: 720 };
    const { page } = await visit({ as: team.owner, at: team.address('board'), viewport, hasTouch: true });
    await seeCardIn(page, 'Backlog', 'Order timber');
    await expect(isWiderThanItsWindow(page)).resolves.toBe(false);

    await card(page, 'Order timber').getByRole('link').tap();
    const task = panel(page, 'QUAY-1');
    await see(task.getByRole('textbox', { name: 'Comment' }));
    await expect(task.boundingBox()).resolves.toMatchObject({ x: 0, width: viewport.width });
    await expect(isWiderThanItsWindow(page)).resolves.toBe(false);

    await task.getByRole('button', { name: 'Close' }).tap();
    await page.getByRole('button', { name: 'Open navigation' }).tap();
    await page.getByRole('link', { name: 'My tasks' }).tap();
    await see(page.getByRole('heading', { name: 'My tasks' }));
  });
});
