import { setTimeout as delay } from 'node:timers/promises';
import type { WebhookWithHealth } from '@taskflow/contract/webhooks';
import type { ApiClient } from '../api-client/api-client.ts';
import { type Endpoint, startEndpoint } from '../testing/webhook-endpoint.ts';

/** What the story came to. */
export interface StoryResult {
  /** Events that the endpoint had to be told of. */
  readonly events: number;
  /** Requests that the endpoint got before its breaker opened. */
  readonly attemptsBeforeOpening: number;
  /** Requests that it got while the breaker was open: probes. */
  readonly probes: number;
  /** Messages that it took in the end, each counted once. */
  readonly taken: number;
  /** Messages that it took more than once. */
  readonly takenTwice: number;
  /** Whether the endpoint beside it got everything meanwhile. */
  readonly isNeighbourComplete: boolean;
  /** Whether an endpoint with a mixed error rate of 20 % stayed open for business. */
  readonly isMixedHealthy: boolean;
}

/** Where the story plays. */
export interface StoryOptions {
  /** Signed in; becomes the owner of a workspace that is deleted at the end. */
  readonly client: ApiClient;
  readonly say: (line: string) => void;
  /** Longest that one chapter may take: a cooldown and a bit. */
  readonly patienceMs: number;
}

const events = 25;
const failuresThatOpen = 5;
const shortPauseMs = 100;

/**
 * Plays the story of a webhook endpoint that is down and comes back, against a running TaskFlow: five failures open its
 * circuit breaker, everything further is kept without an attempt while the endpoint beside it gets all, a probe fails,
 * a later one succeeds, and what was kept is delivered, oldest first.
 *
 * @throws when a chapter does not come to its end in time
 */
export async function playStory({ client, say, patienceMs }: StoryOptions): Promise<StoryResult> {
  const endpoints = { down: await startEndpoint(), neighbour: await startEndpoint(), mixed: await startEndpoint() };
  const { down, neighbour, mixed } = endpoints;
  const workspace = await client.call('POST /workspaces', { body: { name: 'The story of a breaker' } });
  const inWorkspace = { id: workspace.id };
  try {
    const project = await client.call('POST /workspaces/{id}/projects', {
      params: inWorkspace,
      body: { name: 'Breaker', key: 'BRK' },
    });
    const hook = await addWebhook(down);
    const beside = await addWebhook(neighbour);

    down.answer(() => 503);
    say(`1. ${down.url} answers 503. ${events} tasks are created, and both endpoints want to know.`);
    const created: string[] = [];
    for (let n = 1; n <= failuresThatOpen; n += 1) {
      await createTask(project.id, n);
      // one after another, so that the failures are in a row
      await until(`request ${n}`, () => down.requests.length >= n);
    }
    await untilHealth(hook, ({ health }) => health.state === 'paused');
    const attemptsBeforeOpening = down.requests.length;
    for (let n = failuresThatOpen + 1; n <= events; n += 1) {
      await createTask(project.id, n);
    }
    await untilHealth(hook, ({ health }) => health.state === 'paused' && health.kept === events);
    await until('the neighbour has everything', () => neighbour.requests.length >= events);
    created.push(...(await messagesOf(hook)));
    say(`2. ${sentence((await read(hook)).health)}`);
    say(`   The endpoint beside it got ${neighbour.requests.length} of ${events} meanwhile: ${await stateOf(beside)}.`);

    say('3. The cooldown ends and one probe goes out. The endpoint is still down.');
    await until('a probe', () => down.requests.length > attemptsBeforeOpening);
    const firstPause = (await read(hook)).health.pausedUntil;
    await untilHealth(hook, ({ health }) => health.pausedUntil !== null && health.pausedUntil !== firstPause, true);
    say(`   ${sentence((await read(hook)).health)}`);

    down.answer(() => 200);
    const probes = down.requests.length - attemptsBeforeOpening;
    say('4. The endpoint comes back. The next probe will find out; everything kept follows it.');
    await until('everything is delivered', () => taken(down).size >= events);
    await untilHealth(hook, ({ health }) => health.state === 'ok' && health.kept === 0);
    const order = down.requests.filter(({ status }) => status === 200).map(({ id }) => id);
    say(`   ${taken(down).size} of ${events} are delivered: ${await stateOf(hook)}.`);

    mixed.answer((n, isFirst) =>
      isFirst && n % 5 === 4 ? ([500, 503, 429, 502, 504][Math.floor(n / 5) % 5] ?? 500) : 200,
    );
    const third = await addWebhook(mixed);
    say(`5. A third endpoint fails every fifth time, each time otherwise. ${events} more tasks.`);
    for (let n = 1; n <= events; n += 1) {
      await createTask(project.id, events + n);
    }
    await until('the third endpoint has everything', () => taken(mixed).size >= events);
    say(`   ${taken(mixed).size} of ${events} are delivered, its breaker stayed closed: ${await stateOf(third)}.`);

    return {
      events,
      attemptsBeforeOpening,
      probes,
      taken: created.filter((id) => taken(down).has(id)).length,
      takenTwice: order.length - new Set(order).size,
      isNeighbourComplete: taken(neighbour).size >= events,
      isMixedHealthy: (await read(third)).health.state === 'ok',
    };
  } finally {
    await client.call('DELETE /workspaces/{id}', { params: inWorkspace });
    await Promise.all(Object.values(endpoints).map((endpoint) => endpoint.close()));
  }

  async function addWebhook(endpoint: Endpoint): Promise<string> {
    const { id } = await client.call('POST /workspaces/{id}/webhooks', {
      params: inWorkspace,
      body: { url: endpoint.url, eventTypes: ['task.created'] },
    });
    return id;
  }

  async function createTask(projectId: string, n: number): Promise<void> {
    await client.call('POST /projects/{id}/tasks', { params: { id: projectId }, body: { title: `Task ${n}` } });
  }

  function read(webhookId: string): Promise<WebhookWithHealth> {
    return client.call('GET /workspaces/{id}/webhooks/{webhookId}', { params: { ...inWorkspace, webhookId } });
  }

  async function stateOf(webhookId: string): Promise<string> {
    return (await read(webhookId)).health.state;
  }

  async function messagesOf(webhookId: string): Promise<string[]> {
    const { items } = await client.call('GET /webhooks/{id}/deliveries', {
      params: { id: webhookId },
      query: { limit: 200 },
    });
    return items.map(({ messageId }) => messageId);
  }

  async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (!(await isSo())) {
      if (performance.now() > deadline) {
        throw new Error(`the story stopped before this: ${what}`);
      }
      await delay(shortPauseMs);
    }
  }

  function untilHealth(webhookId: string, isSo: (webhook: WebhookWithHealth) => boolean, isLong = false) {
    return until(isLong ? 'the pause grows' : 'the health of the webhook', async () => isSo(await read(webhookId)));
  }
}

const taken = ({ requests }: Endpoint): Set<string> =>
  new Set(requests.filter(({ status }) => status === 200).map(({ id }) => id));

function sentence({ errorCode, failures, pausedUntil, kept }: WebhookWithHealth['health']): string {
  const status = errorCode?.replace('HTTP_', '') ?? 'an error';
  const time = pausedUntil === null ? 'the next probe' : new Date(pausedUntil).toLocaleTimeString('en-GB');
  return `Your endpoint answered ${status} ${failures} times in a row; paused until ${time}; ${kept} deliveries kept.`;
}
