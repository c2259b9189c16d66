import { describe, expect } from 'vitest';
import { panel, see, seeCardIn } from './harness/page-parts.ts';
import { signIn } from './harness/sign-in.ts';
import { createTeam } from './harness/team.ts';
import { test } from './harness/test.ts';

describe('a session', () => {
  test('an address of a task leads there, by way of signing in', async ({ product, visit }) => {
    const team = await createTeam(product);
    await team.task('Order timber');
    const { page, tolerate } = await visit({ at: `/w/${team.workspace.slug}/t/QUAY-1` });
    await page.waitForURL('**/sign-in?**');
    tolerate(/^POST \/api\/v1\/auth\/login 401$/);
    await signIn(page, { ...team.owner, password: 'not the password' });
    await see(page.getByText('Email or password is wrong.'));
    await signIn(page, team.owner);
    await page.waitForURL(`**/w/${team.workspace.slug}/t/QUAY-1`);
    await expect(page.getByLabel('Title').inputValue()).resolves.toBe('Order timber');
  });

  test('signing out leads to the sign-in page, and back does not lead in again', async ({ product, visit }) => {
    const team = await createTeam(product);
    await team.task('Order timber');
    const { page, tolerate } = await visit({ as: team.owner, at: team.address('board') });
    await seeCardIn(page, 'Backlog', 'Order timber');
    tolerate(/^GET \S+ 401$/);
    await page.getByRole('button', { name: 'Your menu: Ann Berg' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    await page.goto(team.address('board'));
    await page.waitForURL('**/sign-in?**');
    await see(page.getByRole('button', { name: 'Sign in' }));
  });

  test('a session that is ended in another browser ends here too, without a click', async ({ product, visit }) => {
    const team = await createTeam(product);
    await team.task('Order timber');
    const lost = await visit({ as: team.owner, at: `${team.address('board')}?task=QUAY-1` });
    lost.tolerate(/^(?:GET|POST) \S+ 401$/);
    await see(panel(lost.page, 'QUAY-1'));

    const here = await visit({ at: '/sign-in?next=/me' });
    await signIn(here.page, team.owner);
    await here.page.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await lost.page.waitForURL('**/sign-in**');
    await see(lost.page.getByRole('button', { name: 'Sign in' }));

    await here.goto(team.address('board'));
    await seeCardIn(here.page, 'Backlog', 'Order timber');
  });
});
