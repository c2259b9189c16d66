import type { Locator, Page } from 'playwright-core';

/** A column of the board by its name. */
export const column = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

/** A card of the board by its title. */
export const card = (scope: Page | Locator, title: string): Locator =>
  scope.getByRole('article', { name: title, exact: true });

/** The panel of a task by its key. */
export const panel = (page: Page, key: string): Locator =>
  page.getByRole('complementary', { name: `Task ${key}`, exact: true });

/** Waits until something is there to be seen. */
export const see = (locator: Locator): Promise<void> => locator.waitFor({ state: 'visible' });

/** Waits until something is not to be seen, or there, any more. */
export const gone = (locator: Locator): Promise<void> => locator.waitFor({ state: 'hidden' });

/** Waits until the board shows the card in the column. */
export const seeCardIn = (page: Page, columnName: string, title: string): Promise<void> =>
  see(card(column(page, columnName), title));

/** Drags something onto something else with the mouse, the way a hand does: press, set off, travel, arrive, let go. */
export async function drag(page: Page, source: Locator, target: Locator): Promise<void> {
  const from = await middleOf(source);
  const to = await middleOf(target);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 8, from.y + 8, { steps: 4 });
  await page.mouse.move(to.x, to.y, { steps: 10 });
  await see(page.locator('[data-over]'));
  await page.mouse.up();
}

async function middleOf(locator: Locator): Promise<{ x: number; y: number }> {
  await locator.scrollIntoViewIfNeeded();
  const box = await locator.boundingBox();
  if (box === null) {
    throw new Error(`${locator.toString()} is not on the screen.`);
  }
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
