import { decodeCursor, encodeCursor, fingerprint, type Position } from './cursor.ts';
import type { DocumentPage } from './document.ts';
import type { PageQuery } from './id-page.ts';

/** A row of a list that is ordered by a key; `id` breaks ties. */
export interface KeyedRow extends Position {
  readonly json: string;
}

/** A page of a list that is ordered by a key, then by id. */
export interface KeyPage {
  /** Where the page begins, that item excluded; undefined on the first one. */
  readonly after: Position | undefined;
  /** How many rows to read: one more than fit, to know whether there is another page. */
  readonly rowLimit: number;
  /** Puts the page together from the rows that were read, in their order. */
  toPage(rows: readonly KeyedRow[]): DocumentPage;
}

/**
 * Begins to read a page.
 *
 * @param list what the list is of, for example its name and its workspace
 * @param isKey whether a text can be a key of this list
 * @throws DomainError `invalid` for a cursor of another list
 */
export function keyPage(query: PageQuery, list: readonly string[], isKey: (key: string) => boolean): KeyPage {
  const name = fingerprint(list);
  return {
    after: decodeCursor(query.cursor, name, isKey),
    rowLimit: query.limit + 1,
    toPage(rows) {
      const shown = rows.slice(0, query.limit);
      const last = rows.length > query.limit ? shown.at(-1) : undefined;
      return {
        items: `[${shown.map(({ json }) => json).join(',')}]`,
        nextCursor: last === undefined ? null : encodeCursor({ key: last.key, id: last.id }, name),
      };
    },
  };
}
