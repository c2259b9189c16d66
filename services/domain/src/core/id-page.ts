import { decodeCursor, encodeCursor, fingerprint } from './cursor.ts';
import type { DocumentPage } from './document.ts';

/** What a list that is ordered by id takes. */
export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A page of a list that is ordered by id alone; ids are UUIDv7, so that is the order of creation. */
export interface IdPage {
  /** The id behind which the page begins; null on the first one. */
  readonly after: string | null;
  /** How many rows to read: one more than fit, to know whether there is another page. */
  readonly rowLimit: number;
  /** Puts the page together from the rows that were read, in their order. */
  toPage(rows: readonly { readonly id: string; readonly json: string }[]): DocumentPage;
}

/**
 * Begins to read a page.
 *
 * @param list what the list is of, for example its name and its workspace
 * @throws DomainError `invalid` for a cursor of another list
 */
export function idPage(query: PageQuery, list: readonly string[]): IdPage {
  const name = fingerprint(list);
  const position = decodeCursor(query.cursor, name, (key) => key === '');
  return {
    after: position?.id ?? null,
    rowLimit: query.limit + 1,
    toPage(rows) {
      const shown = rows.slice(0, query.limit);
      const last = rows.length > query.limit ? shown.at(-1) : undefined;
      return {
        items: arrayOf(shown),
        nextCursor: last === undefined ? null : encodeCursor({ key: '', id: last.id }, name),
      };
    },
  };
}

/** A list that is short by nature, whole. */
export const wholePage = (rows: readonly { readonly json: string }[]): DocumentPage => ({
  items: arrayOf(rows),
  nextCursor: null,
});

const arrayOf = (rows: readonly { readonly json: string }[]) => `[${rows.map(({ json }) => json).join(',')}]`;
