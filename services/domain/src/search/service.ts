import type { SearchHit } from '@taskflow/contract/search';
import { projectKey } from '@taskflow/contract/projects';
import { taskKeyPattern } from '@taskflow/contract/tasks';
import type { Executor } from '@taskflow/db';
import type { WorkspaceAccess } from '../access/access.ts';
import type { DocumentPage } from '../core/document.ts';
import { findHits, type HitRow, readWords, type Wanted } from './repository.ts';
import { matcher, sqlPattern, toExcerpt, toSegments } from './segments.ts';

/** Search in a workspace. */
export interface SearchService {
  /**
   * Tasks, comments and projects that the caller sees and that have every word of `q`, best first; before them what
   * `q` calls by its key: `OPS-42`, `42` or `OPS`. The same words are marked in title and excerpt.
   *
   * @returns one page of {@link SearchHit}
   */
  find(access: WorkspaceAccess, query: { readonly q: string; readonly limit: number }): Promise<DocumentPage>;
}

/** Reads run on `executor`. */
export const createSearchService = ({ executor }: { executor: Executor }): SearchService => ({
  async find(access, { q, limit }) {
    const words = await readWords(executor, q);
    if (words.length === 0) {
      return { items: '[]', nextCursor: null };
    }
    const rows = await findHits(executor, access, { q, limit, pattern: sqlPattern(words), ...called(q) });
    const pattern = matcher(words);
    return { items: JSON.stringify(rows.map((row) => toHit(row, pattern))), nextCursor: null };
  },
});

const numberPattern = /^#?([1-9]\d{0,8})$/;

/** What the text calls by its key, if it is one. */
function called(q: string): Pick<Wanted, 'taskNumber' | 'taskOf' | 'projectKey'> {
  const [, key, number] = taskKeyPattern.exec(q) ?? [];
  if (key !== undefined) {
    return { taskNumber: Number(number), taskOf: key.toUpperCase(), projectKey: null };
  }
  const [, bare] = numberPattern.exec(q) ?? [];
  const { data } = projectKey.safeParse(q);
  return { taskNumber: bare === undefined ? null : Number(bare), taskOf: null, projectKey: data ?? null };
}

function toHit({ title, text, isCutBefore, isCutAfter, ...hit }: HitRow, pattern: RegExp): SearchHit {
  return {
    ...hit,
    title: toSegments(title, pattern),
    excerpt: toSegments(toExcerpt({ text, isCutBefore, isCutAfter }), pattern),
  };
}
