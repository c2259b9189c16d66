import { describe } from 'vitest';
import { card, panel, see, seeCardIn } from './harness/page-parts.ts';
import { createTeam } from './harness/team.ts';
import { test } from './harness/test.ts';

describe('an outage', () => {
  test('after the api was killed the page goes on by itself, and misses nothing', async ({ product, visit }) => {
    const team = await createTeam(product);
    const bo = await team.member('Bo Lund');
    const { id } = await team.task('Order timber');
    const { page, tolerate } = await visit({ as: team.owner, at: `${team.address('board')}?task=QUAY-1` });
    tolerate(/^(?:GET|POST|PATCH) \/api\/v1\/\S+ (?:50[234]|net::\w+)$/);
    await see(panel(page, 'QUAY-1').getByRole('textbox', { name: 'Comment' }));
    await seeCardIn(page, 'Backlog', 'Order timber');

    await product.api.kill();
    await see(page.getByText('Reconnecting…'));
    await panel(page, 'QUAY-1').getByRole('textbox', { name: 'Comment' }).fill('Written while the server was away.');
    await page.keyboard.press('Control+Enter');
    await see(page.getByRole('alert').getByText(/Your data is safe|No connection/));

    await product.api.start();
    // Done before the browser has come back: only a stream that resumes, or a page that reads again, shows it.
    await bo.client.call('POST /tasks/{id}/comments', { params: { id }, body: { body: 'Said in the gap.' } });
    await bo.client.call('PATCH /tasks/{id}', { params: { id }, body: { title: 'Order larch' } });
    await see(panel(page, 'QUAY-1').getByText('Said in the gap.'));
    await see(card(page, 'Order larch'));

    await panel(page, 'QUAY-1').getByRole('button', { name: 'Add comment' }).click();
    await see(panel(page, 'QUAY-1').getByRole('article').getByText('Written while the server was away.'));
    await bo.client.call('POST /tasks/{id}/comments', { params: { id }, body: { body: 'Live again.' } });
    await see(panel(page, 'QUAY-1').getByText('Live again.'));
  });
});
