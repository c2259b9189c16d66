import { describe, expect } from 'vitest';
import { card, column, gone, panel, see, seeCardIn } from './harness/page-parts.ts';
import { createTeam } from './harness/team.ts';
import { test } from './harness/test.ts';

const HOUR_MS = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR_MS).toISOString();

describe('finding tasks', () => {
  test('the filter of a list lives in the address: reload keeps it, back and forward walk', async ({
    product,
    visit,
  }) => {
    const team = await createTeam(product);
    await team.task('Order timber', { priority: 'high' });
    await team.task('Sweep the deck', { priority: 'low' });
    const { page } = await visit({ as: team.owner, at: team.address('list') });
    await see(card(page, 'Sweep the deck'));

    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('option', { name: 'Priority' }).click();
    await page.getByRole('option', { name: 'High' }).click();
    await page.keyboard.press('Escape');
    await gone(card(page, 'Sweep the deck'));
    await see(card(page, 'Order timber'));
    await page.waitForURL(/[?&]priority=high\b/);

    await page.reload();
    await see(card(page, 'Order timber'));
    await see(page.getByRole('button', { name: 'Remove the filter Priority is High' }));
    await expect(card(page, 'Sweep the deck').count()).resolves.toBe(0);

    await card(page, 'Order timber').getByRole('link').click();
    await see(panel(page, 'QUAY-1'));
    await page.goBack();
    await gone(panel(page, 'QUAY-1'));
    await see(page.getByRole('button', { name: 'Remove the filter Priority is High' }));
    await page.goForward();
    await see(panel(page, 'QUAY-1'));

    await page.getByRole('button', { name: 'Remove the filter Priority is High' }).click();
    await see(card(page, 'Sweep the deck'));
    expect(new URL(page.url()).searchParams.get('priority')).toBeNull();
  });

  test('text finds tasks by what was written in comments', async ({ product, visit }) => {
    const team = await createTeam(product);
    const { id } = await team.task('Order timber');
    await team.task('Sweep the deck');
    await team.owner.client.call('POST /tasks/{id}/comments', {
      params: { id },
      body: { body: 'Larch lasts longer.' },
    });
    const { page } = await visit({ as: team.owner, at: team.address('board') });
    await seeCardIn(page, 'Backlog', 'Sweep the deck');
    await page.getByLabel('Find in this project').fill('larch');
    await gone(card(page, 'Sweep the deck'));
    await seeCardIn(page, 'Backlog', 'Order timber');
  });

  test('my tasks are grouped by when they are due, and change as others assign them', async ({ product, visit }) => {
    const team = await createTeam(product);
    const bo = await team.member('Bo Lund');
    const assigneeIds = [bo.user.id];
    await team.task('Late', { assigneeIds, dueAt: inHours(-48) });
    await team.task('Whenever', { assigneeIds });
    const other = await team.task('Not mine yet');
    const { page } = await visit({ as: bo, at: `/w/${team.workspace.slug}/my` });
    await seeCardIn(page, 'Overdue', 'Late');
    await seeCardIn(page, 'No date', 'Whenever');
    await expect(card(page, 'Not mine yet').count()).resolves.toBe(0);

    await team.owner.client.call('PATCH /tasks/{id}', { params: { id: other.id }, body: { assigneeIds } });
    await seeCardIn(page, 'No date', 'Not mine yet');
    await expect(column(page, 'No date').getByRole('article').count()).resolves.toBe(2);
  });
});
