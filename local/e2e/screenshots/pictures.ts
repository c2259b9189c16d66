import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { ApiClient } from '../../api-client/api-client.ts';
import { card, column, panel, see } from '../harness/page-parts.ts';

/** What pictures are taken with. */
export interface Studio {
  readonly browser: Browser;
  readonly url: string;
  /** Signed in as the owner of the demo. */
  readonly client: ApiClient;
}

/** How the product may look. */
interface Look extends Pick<BrowserContextOptions, 'colorScheme' | 'hasTouch' | 'viewport'> {
  readonly name: string;
}

/** Light, dark, and light on a phone. */
export const looks: readonly Look[] = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 375, height: 812 }, hasTouch: true },
];

const BOARD = '/w/larkspur-bikes/p/BOOK/board';
const LIST = '/w/larkspur-bikes/p/BOOK/list';
/** The task that the pictures show: long text, sub-tasks, comments, links. */
const TASK_TITLE = 'Take a deposit by card when booking';

/** The board of the demo, for the front page of the repository. */
export async function takeReadmePicture(studio: Studio, file: string): Promise<void> {
  const page = await open(studio, { name: 'readme', colorScheme: 'light', viewport: { width: 1440, height: 900 } });
  await page.goto(BOARD);
  await see(card(page, TASK_TITLE));
  await settle(page);
  await page.screenshot({ path: file });
  await page.context().close();
}

/** The wanted pictures, or every state worth looking at, as `<picture>-<look>.png` in a folder. */
export async function takePictures(
  studio: Studio,
  look: Look,
  folder: string,
  wanted: readonly string[],
  stages: Stages = pictures,
): Promise<void> {
  const taken = Object.entries(stages).filter(([name]) => wanted.length === 0 || wanted.includes(name));
  for (const [name, stage] of taken) {
    const page = await open(studio, look);
    await stage(page, studio);
    await settle(page);
    await page.screenshot({ path: path.join(folder, `${name}-${look.name}.png`) });
    await page.context().close();
  }
}

type Stage = (page: Page, studio: Studio) => Promise<void>;
/** Pictures by name, and what has to be done before each is taken. */
type Stages = Readonly<Record<string, Stage>>;

/** Operations while an endpoint is down. */
export const operationsPictures: Stages = {
  'operations-queues': async (page) => {
    await page.goto('/operations');
    await see(page.getByRole('region', { name: 'Types of jobs' }));
  },
  'operations-jobs': async (page) => {
    await page.goto('/operations/jobs?state=quarantined');
    await see(page.getByRole('button', { name: 'webhook.deliver' }).first());
  },
  'operations-job': async (page) => {
    await page.goto('/operations/jobs?state=quarantined');
    await page.getByRole('button', { name: 'webhook.deliver' }).last().click();
    await see(page.getByText(/^Waits for breaker|^Was stopped/));
  },
  'operations-quarantine': async (page) => {
    await page.goto('/operations/quarantine');
    await see(page.getByRole('button', { name: 'Release one' }).first());
  },
  'operations-breakers': async (page) => {
    await page.goto('/operations/breakers');
    await page.getByRole('button', { name: 'History' }).first().click();
    await see(page.getByText(/Closed to Open/).first());
  },
  'operations-schedules': async (page) => {
    await page.goto('/operations/schedules');
    await see(page.getByRole('row').nth(1));
  },
  'operations-mail': async (page) => {
    await page.goto('/operations/mail');
    await see(page.getByRole('button', { expanded: false }).first());
  },
};

const pictures: Stages = {
  'sign-in': async (page) => {
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await see(page.getByRole('button', { name: 'Sign in' }));
  },
  'empty-workspace': async (page, { client }) => {
    const { slug } = await client.call('POST /workspaces', { body: { name: 'Night market' } });
    await page.goto(`/w/${slug}`);
    await see(page.getByText('Start with a project'));
  },
  home: async (page) => {
    await page.goto('/w/larkspur-bikes');
    await see(column(page, 'Overdue'));
  },
  board: async (page) => {
    await page.goto(BOARD);
    await see(card(page, TASK_TITLE));
  },
  list: async (page) => {
    await page.goto(LIST);
    await see(card(page, TASK_TITLE));
  },
  'my-tasks': async (page) => {
    await page.goto('/w/larkspur-bikes/my');
    await see(column(page, 'Overdue'));
  },
  task: async (page) => {
    await page.goto(`${BOARD}?task=${await keyOf(page)}`);
    await seeTask(page);
  },
  'task-page': async (page) => {
    await page.goto(`/w/larkspur-bikes/t/${await keyOf(page)}`);
    await seeTask(page);
  },
  conflict: async (page, { client }) => {
    const key = await keyOf(page);
    await page.goto(`${BOARD}?task=${key}`);
    const title = panel(page, key).getByLabel('Title');
    await see(title);
    const params = { id: key };
    const query = { workspace: 'larkspur-bikes' };
    await title.fill('Take a deposit by card, in two steps');
    await client.call('PATCH /tasks/{id}', { params, query, body: { title: 'Take a deposit by card or by invoice' } });
    await page.keyboard.press('Enter');
    await see(page.getByRole('button', { name: 'Keep yours' }));
    await client.call('PATCH /tasks/{id}', { params, query, body: { title: TASK_TITLE } });
  },
  error: async (page) => {
    const problem = {
      type: '/api/docs/problems/unavailable',
      title: 'A dependency is not available',
      status: 503,
      code: 'unavailable',
    };
    await page.route('**/api/v1/projects/*/tasks?**', (route) =>
      route.fulfill({ status: 503, json: problem, headers: { 'x-request-id': '01j9q7zv4n8m2k6t' } }),
    );
    await page.goto(LIST);
    await see(page.getByRole('alert'));
  },
  'not-found': async (page) => {
    await page.goto('/w/larkspur-bikes/p/NOWHERE/board');
    await see(page.getByText('Nothing here'));
  },
  search: async (page) => {
    await page.goto(BOARD);
    await see(card(page, TASK_TITLE));
    await page.keyboard.press('/');
    await page.getByRole('dialog').getByRole('combobox').fill('price');
    await see(page.getByRole('option').first());
  },
  'new-task': async (page) => {
    await page.goto(BOARD);
    await see(card(page, TASK_TITLE));
    await page.keyboard.press('c');
    await see(page.getByRole('dialog'));
  },
  shortcuts: async (page) => {
    await page.goto(BOARD);
    await see(card(page, TASK_TITLE));
    await page.keyboard.press('?');
    await see(page.getByRole('dialog'));
  },
  'project-settings': async (page) => {
    await page.goto('/w/larkspur-bikes/p/BOOK/settings');
    await see(page.getByRole('heading', { name: 'Statuses' }));
  },
  'workspace-settings': async (page) => {
    await page.goto('/w/larkspur-bikes/settings');
    await see(page.getByRole('heading', { name: 'Members' }));
  },
  profile: async (page) => {
    await page.goto('/me');
    await see(page.getByRole('heading', { name: 'API tokens' }));
  },
};

async function open({ browser, url, client }: Studio, { name: _name, ...look }: Look): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, locale: 'en-GB', reducedMotion: 'reduce', ...look });
  if (client.cookie !== undefined) {
    await context.addCookies([{ ...client.cookie, url, httpOnly: true, sameSite: 'Lax' }]);
  }
  return context.newPage();
}

/** Waits for the task's comments, and for its text to be more than what was typed. */
async function seeTask(page: Page): Promise<void> {
  await see(page.getByText('plain words'));
  await see(page.getByRole('listitem').getByText('The receipt shows VAT'));
}

/** The key of the task that the pictures show. */
async function keyOf(page: Page): Promise<string> {
  await page.goto(LIST);
  const address = await card(page, TASK_TITLE).getByRole('link').getAttribute('href');
  return new URL(address ?? '', page.url()).searchParams.get('task') ?? '';
}

/** Waits for what arrives late: fonts, and the quiet of the network but for the stream of live events. */
async function settle(page: Page): Promise<void> {
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.mouse.move(0, 0);
}
