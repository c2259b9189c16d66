import { expect } from 'vitest';
import { startEndpoint } from '../testing/webhook-endpoint.ts';
import { gone, see } from './harness/page-parts.ts';
import { createTeam } from './harness/team.ts';
import { test } from './harness/test.ts';

test('an operator sees an endpoint fail, why its jobs wait, and everything go on once it is back', async ({
  product,
  visit,
}) => {
  const endpoint = await startEndpoint();
  try {
    // the first account of an instance operates it
    const team = await createTeam(product);
    endpoint.answer(() => 503);
    await team.owner.client.call('POST /workspaces/{id}/webhooks', {
      params: { id: team.workspace.id },
      body: { url: endpoint.url, eventTypes: ['task.created'] },
    });
    const { page } = await visit({ as: team.owner, at: team.address('board') });
    await page.getByRole('link', { name: 'Operations' }).click();
    await see(page.getByRole('region', { name: 'Types of jobs' }));
    await see(page.getByText('Live', { exact: true }));

    for (let n = 1; n <= 8; n += 1) {
      await team.task(`Task ${n}`);
    }
    await page.getByRole('link', { name: 'Breakers' }).click();
    const host = new URL(endpoint.url).host;
    const breaker = page.getByRole('listitem').filter({ hasText: host });
    await see(breaker.getByText('Open', { exact: true }));
    await see(breaker.getByText(/^Probe in/));
    await breaker.getByRole('link', { name: /jobs? waits?$/ }).click();
    await page.getByRole('button', { name: 'webhook.deliver' }).first().click();
    await see(page.getByText(/^Waits for breaker webhook\.deliver@.*:HTTP_503/));

    endpoint.answer(() => 200);
    await gone(page.getByRole('button', { name: 'webhook.deliver' }).first());
    await see(page.getByText('Is done.'));
    const taken = () => new Set(endpoint.requests.filter(({ status }) => status === 200).map(({ id }) => id)).size;
    await expect.poll(taken, { timeout: 20_000 }).toBe(8);

    await page.goto(`/w/${team.workspace.slug}/t/${team.project.key}-1`);
    await page.getByRole('button', { name: 'What it caused' }).click();
    await see(page.getByRole('listitem').filter({ hasText: 'Webhook · task.created' }).getByText(/^sent/));
  } finally {
    await endpoint.close();
  }
});
