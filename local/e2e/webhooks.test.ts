import { describe, expect } from 'vitest';
import { startEndpoint } from '../testing/webhook-endpoint.ts';
import { gone, see } from './harness/page-parts.ts';
import { createTeam } from './harness/team.ts';
import { test } from './harness/test.ts';

describe('webhooks', () => {
  test('are set up, tested, paused while the endpoint is down, and caught up', async ({ product, visit }) => {
    const endpoint = await startEndpoint();
    try {
      const team = await createTeam(product);
      const { page } = await visit({ as: team.owner, at: `/w/${team.workspace.slug}/settings` });
      const webhooks = page.getByRole('region', { name: 'Webhooks' });
      await see(webhooks.getByText('Nobody is told yet.'));
      await webhooks.getByLabel('Address').fill(endpoint.url);
      await webhooks.getByRole('button', { name: 'Add webhook' }).click();
      await see(webhooks.getByText(endpoint.url));
      expect(await webhooks.getByLabel('Signing secret').inputValue()).toMatch(/^whsec_/);

      await webhooks.getByRole('button', { name: 'Send a test' }).click();
      await see(webhooks.getByText('Delivered', { exact: true }));
      await webhooks.getByRole('button', { name: /ping/ }).click();
      await see(webhooks.getByText('thank you'));

      endpoint.answer(() => 503);
      for (let n = 1; n <= 7; n += 1) {
        await team.task(`Task ${n}`);
      }
      await see(webhooks.getByText('Paused', { exact: true }));
      await see(webhooks.getByText(/Your endpoint answered 503 \d+ times; paused until .*; \d+ deliveries kept\./));
      await see(webhooks.getByRole('button', { name: 'Probe now' }));

      endpoint.answer(() => 200);
      await see(webhooks.getByText('OK', { exact: true }));
      await gone(webhooks.getByRole('button', { name: 'Probe now' }));
      const taken = () => new Set(endpoint.requests.filter(({ status }) => status === 200).map(({ id }) => id)).size;
      await expect.poll(taken, { timeout: 20_000 }).toBe(8);
    } finally {
      await endpoint.close();
    }
  });
});
