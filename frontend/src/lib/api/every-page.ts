import type { Page } from '@taskflow/contract/http';

/** The largest page that the API gives. */
export const pageLimit = 200;
const pagesAtMost = 50;

/**
 * Reads a list to its end (at most 10,000 items), page after page. `onPage` gets what is there so far after every
 * page but the last.
 */
export async function everyPage<Item>(
  read: (cursor: string | undefined) => Promise<Page<Item>>,
  onPage?: (items: readonly Item[]) => void,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesAtMost; page += 1) {
    const answer = await read(cursor);
    items.push(...answer.items);
    if (answer.nextCursor === null) return items;
    cursor = answer.nextCursor;
    onPage?.([...items]);
  }
  return items;
}
