import { taskListQuery } from '@taskflow/contract/tasks';
import { capture, projectAccess } from './harness/captured.ts';
import type { BenchContext, Benchmark } from './harness/context.ts';

const deepPage = 2_000;
const limit = 50;

/** What EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) says of a whole plan. */
interface Explained {
  readonly Plan: { readonly 'Shared Hit Blocks': number; readonly 'Shared Read Blocks': number };
}

/** A page deep in a list costs what the first one costs. */
export const depth: Benchmark = {
  about: `buffers of page ${deepPage} of a workspace's 200,000 tasks against page 1 (${limit} a page)`,
  async run(context: BenchContext) {
    const { report } = context;
    const world = await context.world();
    const { admin } = await context.servers();
    const access = projectAccess(world);
    const api = await context.api();
    const headers = { cookie: world.cookies[0] ?? '' };
    for (const sort of ['rank', 'dueAt', '-updatedAt'] as const) {
      const address = `${api.url}/api/v1/workspaces/${world.workspaceId}/tasks?sort=${sort}&limit=${limit}`;
      const buffersOf = async (cursor: string | undefined): Promise<number> => {
        const query = taskListQuery.parse({ sort, limit, ...(cursor === undefined ? {} : { cursor }) });
        const { text, values } = await capture((tasks) => tasks.listOfWorkspace(access, query));
        const explained = await admin.query<{ 'QUERY PLAN': [Explained] }>(
          `explain (analyze, buffers, format json) ${text}`,
          [...values],
        );
        const plan = explained.rows[0]?.['QUERY PLAN'][0].Plan;
        return (plan?.['Shared Hit Blocks'] ?? NaN) + (plan?.['Shared Read Blocks'] ?? NaN);
      };
      const cursor = await cursorOfPage(address, headers, deepPage - 1);
      const [first, deep] = [await buffersOf(undefined), await buffersOf(cursor)];
      report.figure(`sort=${sort}: buffers of page ${deepPage} / page 1 (${deep} / ${first})`, deep / first, 'x', {
        atMost: 1.1,
      });
    }
    await api.stop();
  },
};

/** Walks there as a client would, in larger steps: the cursor does not say how it was reached. */
async function cursorOfPage(address: string, headers: Readonly<Record<string, string>>, page: number): Promise<string> {
  const url = new URL(address);
  url.searchParams.set('limit', '200');
  let cursor: string | undefined;
  for (let left = page * limit; left > 0; left -= 200) {
    url.searchParams.set('limit', String(Math.min(200, left)));
    if (cursor !== undefined) {
      url.searchParams.set('cursor', cursor);
    }
    const response = await fetch(url, { headers });
    const body: unknown = await response.json();
    cursor = typeof body === 'object' && body !== null && 'nextCursor' in body ? String(body.nextCursor) : undefined;
  }
  if (cursor === undefined || cursor === 'null') {
    throw new Error('the list is shorter than expected');
  }
  return cursor;
}
