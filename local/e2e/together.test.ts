import { describe, expect } from 'vitest';
import { card, column, drag, gone, panel, see, seeCardIn } from './harness/page-parts.ts';
import { createTeam } from './harness/team.ts';
import { test } from './harness/test.ts';

describe('working together', () => {
  test('an invitation link lets a second person in, from another browser', async ({ product, visit }) => {
    const team = await createTeam(product);
    await team.task('Order timber');
    const ann = await visit({ as: team.owner, at: `/w/${team.workspace.slug}/settings` });
    await ann.page.getByLabel('Email').fill('bo@example.com');
    await ann.page.getByRole('button', { name: 'Create invitation link' }).click();
    const link = await ann.page.getByLabel('Invitation link').inputValue();

    const bo = await visit({ at: new URL(link).pathname });
    await see(bo.page.getByText('Ann Berg invited you to join Harbour Works as member.'));
    await bo.page.getByRole('link', { name: 'Create an account to join' }).click();
    await bo.page.getByLabel('Name', { exact: true }).fill('Bo Lund');
    await bo.page.getByLabel('Email').fill('bo@example.com');
    await bo.page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await bo.page.getByRole('button', { name: 'Sign up' }).click();
    await bo.page.getByRole('link', { name: 'Quay repairs' }).click();
    await seeCardIn(bo.page, 'Backlog', 'Order timber');

    const stranger = await visit();
    stranger.tolerate(/^GET \/api\/v1\/invitations\/\S+ 410$/);
    await stranger.goto(new URL(link).pathname);
    await see(stranger.page.getByRole('heading', { name: 'This invitation does not work any more' }));
  });

  test('what one person does appears in the browser of another, without reload', async ({ product, visit }) => {
    const team = await createTeam(product);
    const bo = await team.member('Bo Lund');
    await team.task('Order timber');
    const here = await visit({ as: team.owner, at: team.address('board') });
    const there = await visit({ as: bo, at: `${team.address('board')}?task=QUAY-1` });
    await seeCardIn(here.page, 'Backlog', 'Order timber');
    await seeCardIn(there.page, 'Backlog', 'Order timber');

    await here.page.keyboard.press('c');
    await here.page.getByRole('dialog').getByLabel('Title').fill('Rent a crane');
    await here.page.keyboard.press('Enter');
    await seeCardIn(there.page, 'Backlog', 'Rent a crane');

    await drag(here.page, card(here.page, 'Order timber'), column(here.page, 'To do').getByRole('list'));
    await seeCardIn(there.page, 'To do', 'Order timber');
    await see(panel(there.page, 'QUAY-1').getByRole('button', { name: 'Status: To do' }));

    await card(here.page, 'Order timber').getByRole('link').click();
    await panel(here.page, 'QUAY-1').getByRole('textbox', { name: 'Comment' }).fill('It comes on Friday, @Bo.');
    await panel(here.page, 'QUAY-1').getByRole('button', { name: 'Add comment' }).click();
    await see(panel(there.page, 'QUAY-1').getByText('It comes on Friday, @Bo.'));

    await panel(there.page, 'QUAY-1').getByRole('textbox', { name: 'Comment' }).fill('Thank you.');
    await there.page.keyboard.press('Control+Enter');
    await see(panel(here.page, 'QUAY-1').getByText('Thank you.'));
  });

  test('two changes of different fields both stay, unasked', async ({ product, visit }) => {
    const team = await createTeam(product);
    const bo = await team.member('Bo Lund');
    const { id } = await team.task('Order timber');
    const ann = await visit({ as: team.owner, at: `${team.address('board')}?task=QUAY-1` });
    ann.tolerate(/^PATCH \S+ 412$/);

    await panel(ann.page, 'QUAY-1').getByLabel('Title').fill('Order larch');
    await bo.client.call('PATCH /tasks/{id}', { params: { id }, body: { priority: 'high' } });
    await ann.page.keyboard.press('Enter');

    await see(card(ann.page, 'Order larch').getByRole('button', { name: 'Priority: High' }));
    await expect
      .poll(async () => {
        const { title, priority } = await bo.client.call('GET /tasks/{id}', { params: { id } });
        return { title, priority };
      })
      .toEqual({ title: 'Order larch', priority: 'high' });
  });

  test('two changes of the same field: both are shown, and the person chooses', async ({ product, visit }) => {
    const team = await createTeam(product);
    const bo = await team.member('Bo Lund');
    const { id } = await team.task('Order timber');
    const ann = await visit({ as: team.owner, at: `${team.address('board')}?task=QUAY-1` });
    ann.tolerate(/^PATCH \S+ 412$/);
    const title = async (): Promise<string> => {
      const task = await bo.client.call('GET /tasks/{id}', { params: { id } });
      return task.title;
    };

    await panel(ann.page, 'QUAY-1').getByLabel('Title').fill('Order larch');
    await bo.client.call('PATCH /tasks/{id}', { params: { id }, body: { title: 'Order oak' } });
    await ann.page.keyboard.press('Enter');

    const question = ann.page.getByRole('dialog', { name: 'Somebody changed this too' });
    await see(question.getByRole('region', { name: 'Yours' }).getByText('Order larch'));
    await see(question.getByRole('region', { name: 'Theirs' }).getByText('Order oak'));
    await expect(title()).resolves.toBe('Order oak');
    await question.getByRole('button', { name: 'Keep yours' }).click();
    await gone(question);
    await expect.poll(title).toBe('Order larch');
    await seeCardIn(ann.page, 'Backlog', 'Order larch');
  });

  test('a project that somebody may not see is a helpful page, not an error', async ({ product, visit }) => {
    const team = await createTeam(product);
    const bo = await team.member('Bo Lund');
    await team.owner.client.call('POST /workspaces/{id}/projects', {
      params: { id: team.workspace.id },
      body: { name: 'Salaries', key: 'PAY', visibility: 'private' },
    });
    const { page, tolerate } = await visit({ as: bo });
    tolerate(/^GET \/api\/v1\/projects\/PAY\S* 404$/);
    await page.goto(`/w/${team.workspace.slug}/p/PAY/board`);
    await see(page.getByRole('heading', { name: 'Nothing here' }));
    await page.getByRole('link', { name: 'Go to the start page' }).click();
    await see(page.getByRole('link', { name: 'Quay repairs' }));
    await expect(page.getByText('Salaries').count()).resolves.toBe(0);
  });
});
