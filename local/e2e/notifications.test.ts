import { describe, expect } from 'vitest';
import { gone, panel, see, seeCardIn } from './harness/page-parts.ts';
import { createTeam } from './harness/team.ts';
import { test } from './harness/test.ts';

describe('notifications', () => {
  test('arrive in the inbox while it is open, lead to the task, and follow what the person chose', async ({
    product,
    visit,
  }) => {
    const team = await createTeam(product);
    const mia = await team.member('Mia Lund');
    const { page } = await visit({ as: mia, at: `/w/${team.workspace.slug}/inbox` });
    await see(page.getByRole('heading', { name: 'Nothing new' }));

    const task = await team.task('Order timber', { assigneeIds: [mia.user.id] });
    const inbox = page.getByRole('list', { name: 'Notifications' });
    await see(inbox.getByText('Ann Berg assigned this to you'));
    const link = page.getByRole('navigation').getByRole('link', { name: /Inbox/ });
    await see(link.getByLabel('1 unread'));
    await team.owner.client.call('POST /tasks/{id}/comments', {
      params: { id: task.id },
      body: { body: 'Oak or pine, @mia?' },
    });
    await see(inbox.getByText('Ann Berg mentioned you'));
    await see(inbox.getByText('2 unread'));

    await inbox.getByRole('link', { name: 'QUAY-1 Order timber' }).click();
    const watch = panel(page, 'QUAY-1').getByRole('button', { name: 'Watch this task' });
    await expect.poll(() => watch.getAttribute('aria-pressed')).toBe('true');
    await gone(link.getByLabel(/unread/));
    await watch.click();
    const isWatching = () => mia.client.call('GET /tasks/{id}/watch', { params: { id: task.id } });
    await expect.poll(isWatching).toEqual({ watching: false });
    await page.reload();
    await expect.poll(() => watch.getAttribute('aria-pressed')).toBe('false');

    await page.goto(new URL('/me#notifications', page.url()).href);
    const settings = page.getByRole('region', { name: 'Notifications' });
    await settings.getByLabel('Where: Somebody mentions you').selectOption('Nowhere');
    await expect
      .poll(async () => (await mia.client.call('GET /me/preferences')).channels)
      .toMatchObject({ mentioned: 'off', assigned: 'both' });
  });

  test('a task that repeats comes again once it is done', async ({ product, visit }) => {
    const team = await createTeam(product);
    const dueAt = new Date(Date.now() + 3_600_000).toISOString();
    const task = await team.task('Check the moorings', { dueAt });
    const { page } = await visit({ as: team.owner, at: `${team.address('board')}?task=${task.key}` });
    await panel(page, task.key).getByLabel('Repeats').selectOption('Every day');
    await see(panel(page, task.key).getByLabel('The next one comes'));
    await expect
      .poll(() => team.owner.client.call('GET /tasks/{id}/recurrence', { params: { id: task.id } }))
      .toMatchObject({ recurrence: { rule: 'FREQ=DAILY', mode: 'completion' } });
    await team.owner.client.call('POST /tasks/{id}/move', {
      params: { id: task.id },
      body: { statusId: team.statusIds.get('Done') ?? '' },
    });
    await seeCardIn(page, 'Done', 'Check the moorings');
    await seeCardIn(page, 'Backlog', 'Check the moorings');
  });
});
