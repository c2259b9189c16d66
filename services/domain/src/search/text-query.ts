import { type Sql, sql } from '@taskflow/db';

/**
 * The words of what a person typed, as PostgreSQL's own parser sees them in the indexed texts: a `text[]`, null when
 * there is none.
 */
export const queryWords = (q: string): Sql => sql`(select array_agg(w.lexeme) from unnest(${wordsOf(q)}) w)`;

/**
 * What a person typed as a `tsquery`: every word must begin a word of the text, whatever its case. Null when there is
 * no word in it, so that nothing matches.
 *
 * It is put together from words that PostgreSQL parsed and is never parsed as a query language: quotes, operators and
 * backslashes mean nothing, and no text raises an error. Match it with `search @@ ${textQuery(q)}`; being a subquery
 * without references to the outside, it is computed once a statement and can use the GIN indexes.
 */
export const textQuery = (q: string): Sql => sql`
  (select string_agg('''' || replace(replace(w.lexeme, '\\', '\\\\'), '''', '''''') || ''':*', ' & ')::tsquery
  from unnest(${wordsOf(q)}) w)`;

/**
 * Whether the title and description of task `t`, or one of its comments, have every word: a condition for lists. Both
 * halves are read by their GIN indexes before they meet the list.
 */
export const matchesText = (q: string): Sql => sql`t.id in (
  select m.id from tasks m where m.search @@ ${textQuery(q)}
  union all
  select cm.task_id from comments cm where cm.search @@ ${textQuery(q)} and cm.deleted_at is null
)`;

/** NUL, which no text in PostgreSQL holds, separates words. */
const wordsOf = (q: string): Sql => sql`to_tsvector('simple', lower(${q.replaceAll('\u0000', ' ')}))`;
