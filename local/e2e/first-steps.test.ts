import { describe, expect } from 'vitest';
import { card, column, drag, panel, see, seeCardIn } from './harness/page-parts.ts';
import { createTeam } from './harness/team.ts';
import { test } from './harness/test.ts';

describe('first steps', () => {
  test('somebody signs up, makes a workspace, a project and tasks, moves one and comments on it', async ({ visit }) => {
    const { page } = await visit({ at: '/' });

    await page.getByRole('link', { name: 'Sign up' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Ann Berg');
    await page.getByLabel('Email').fill('ann@example.com');
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign up' }).click();

    await page.getByLabel('Workspace name').fill('Harbour Works');
    await page.getByRole('button', { name: 'Create workspace' }).click();

    await page.getByRole('main').getByRole('button', { name: 'New project' }).click();
    await page.getByLabel('Project name').fill('Quay repairs');
    await page.getByLabel('Key', { exact: true }).fill('QUAY');
    await page.getByRole('button', { name: 'Create project' }).click();
    await page.waitForURL('**/w/harbour-works/p/QUAY/board');

    await see(column(page, 'Backlog'));
    for (const title of ['Order timber', 'Rent a crane']) {
      await page.keyboard.press('c');
      await page.getByRole('dialog').getByLabel('Title').fill(title);
      await page.keyboard.press('Enter');
      await seeCardIn(page, 'Backlog', title);
    }

    await drag(page, card(page, 'Order timber'), column(page, 'In progress').getByRole('list'));
    await seeCardIn(page, 'In progress', 'Order timber');

    await card(page, 'Order timber').getByRole('link', { name: 'Order timber' }).click();
    const task = panel(page, 'QUAY-1');
    await task.getByRole('textbox', { name: 'Comment' }).fill('Forty planks of **larch**, please.');
    await task.getByRole('button', { name: 'Add comment' }).click();
    const comment = task.getByRole('article', { name: 'Comment by Ann Berg' });
    await see(comment.getByText('Forty planks of larch, please.'));
    await expect(comment.getByRole('strong').textContent()).resolves.toBe('larch');

    await page.reload();
    await seeCardIn(page, 'In progress', 'Order timber');
    await see(panel(page, 'QUAY-1').getByText('Forty planks of larch, please.'));
  });

  test('the keyboard alone moves a card, and takes it back', async ({ product, visit }) => {
    const team = await createTeam(product);
    await team.task('Order timber', { status: 'To do' });
    await team.task('Rent a crane', { status: 'To do' });
    const { page } = await visit({ as: team.owner, at: team.address('board') });
    const link = card(page, 'Order timber').getByRole('link', { name: 'Order timber' });

    await link.focus();
    await page.keyboard.press('Space');
    await see(page.getByText('Order timber lifted. To do, position 1 of 2.'));
    await page.keyboard.press('ArrowRight');
    await see(page.getByText('In progress, position 1 of 1.'));
    await page.keyboard.press('Escape');
    await see(page.getByText('Order timber is back where it was.'));
    await seeCardIn(page, 'To do', 'Order timber');

    await link.focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await see(page.getByText('Order timber dropped in To do, position 2 of 2.'));
    await expect
      .poll(async () => {
        const { items } = await team.owner.client.call('GET /projects/{id}/tasks', { params: { id: team.project.id } });
        return items.map(({ title }) => title);
      })
      .toEqual(['Rent a crane', 'Order timber']);

    await link.focus();
    for (const key of ['Space', 'ArrowRight', 'Space']) {
      await page.keyboard.press(key);
    }
    await see(page.getByText('Order timber dropped in In progress, position 1 of 1.'));
    await page.reload();
    await seeCardIn(page, 'In progress', 'Order timber');
  });

  test('a deleted task comes back with Undo', async ({ product, visit }) => {
    const team = await createTeam(product);
    await team.task('Order timber');
    const { page } = await visit({ as: team.owner, at: `${team.address('board')}?task=QUAY-1` });

    await panel(page, 'QUAY-1').getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete task' }).click();
    await see(page.getByText('QUAY-1 deleted'));
    await expect.poll(() => card(page, 'Order timber').count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await seeCardIn(page, 'Backlog', 'Order timber');
  });
});
