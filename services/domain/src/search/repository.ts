import type { SearchHit } from '@taskflow/contract/search';
import { type Executor, one, type Sql, sql } from '@taskflow/db';
import type { WorkspaceAccess } from '../access/access.ts';
import { projectIsVisible } from '../access/visibility.ts';
import { queryWords, textQuery } from './text-query.ts';

/** A hit, with the part of its text that is worth showing. */
export type HitRow = Pick<SearchHit, 'kind' | 'id' | 'projectId' | 'taskId' | 'key' | 'category'> & {
  readonly title: string;
  readonly text: string;
  readonly isCutBefore: boolean;
  readonly isCutAfter: boolean;
};

/** What is searched for. */
export interface Wanted {
  readonly q: string;
  /** A task that is called by its number. */
  readonly taskNumber: number | null;
  /** The key that stood before the number; null means any project. */
  readonly taskOf: string | null;
  /** A project that is called by its key. */
  readonly projectKey: string | null;
  /** Where a text is worth showing. */
  readonly pattern: string;
  readonly limit: number;
}

/** Of so many matches of a kind, the latest, the best are found. */
const rankedMatches = 1_000;

/** How much of a text is shown, and how much of that stands before the first match. */
const shownCharacters = 240;
const charactersBefore = 60;

/** The words of a search. */
export async function readWords(executor: Executor, q: string): Promise<readonly string[]> {
  const row = await one<{ words: string[] | null }>(executor, sql`select ${queryWords(q)} as words`, {
    name: 'search-words',
  });
  return row.words ?? [];
}

/** The best hits, in what the caller sees; first what was called by its key. */
export async function findHits(executor: Executor, access: WorkspaceAccess, wanted: Wanted): Promise<HitRow[]> {
  return executor.query<HitRow>(
    sql`
      with visible as materialized (
        select p.id, p.key, p.name, p.description, p.search, p.updated_at from projects p
        where ${projectIsVisible(access)}
      ), query as materialized (
        select ${textQuery(wanted.q)} as words
      ), hit as (
        select * from (${called(access, wanted)}) called
        union all select * from (${matchingTasks}) matching_tasks
        union all select * from (${matchingComments}) matching_comments
        union all select * from (${matchingProjects}) matching_projects
      ), best as (
        select distinct on (kind, id) * from hit order by kind, id, score desc
      ), page as (
        select * from best order by score desc, at desc, id limit ${wanted.limit}
      )
      select page.kind, page.id, v.id as "projectId", t.id as "taskId", t.category,
        case when t.id is null then v.key else v.key || '-' || t.number end as key,
        coalesce(t.title, v.name) as title, cut.text, cut."isCutBefore", cut."isCutAfter"
      from page
      join visible v on v.id = page.project_id
      left join tasks t on t.id = page.task_id
      left join comments cm on page.kind = 'comment' and cm.id = page.id
      cross join lateral (${cutOut(wanted.pattern)}) cut
      order by page.score desc, page.at desc, page.id`,
    { name: 'search' },
  );
}

/** Tasks of so many projects are answered for a bare number; those that changed last. */
const calledByNumber = 5;

/** Tasks called by their number, and a project called by a key that leads, or led, to it. */
const called = (access: WorkspaceAccess, { taskNumber, taskOf, projectKey }: Wanted): Sql => sql`
  (
    select 'task' as kind, t.id, v.id as project_id, t.id as task_id, t.updated_at as at, 3::real as score
    from visible v join tasks t on t.project_id = v.id
    where t.number = ${taskNumber}::int and t.deleted_at is null and (
      ${taskOf}::text is null
      or exists (
        select from project_keys pk
        where pk.workspace_id = ${access.workspace.id} and pk.key = ${taskOf} and pk.project_id = v.id
      )
    )
    order by t.updated_at desc limit ${calledByNumber}
  )
  union all
  select 'project', v.id, v.id, null, v.updated_at, 2
  from visible v join project_keys pk on pk.project_id = v.id
  where pk.workspace_id = ${access.workspace.id} and pk.key = ${projectKey}`;

const matchingTasks = sql`
  select 'task', m.id, m.project_id, m.id, m.updated_at, ts_rank(m.search, query.words)
  from query cross join lateral (
    select t.id, t.project_id, t.updated_at, t.search from tasks t
    where t.search @@ query.words and t.deleted_at is null and t.project_id in (select v.id from visible v)
    order by t.updated_at desc limit ${rankedMatches}
  ) m`;

const matchingComments = sql`
  select 'comment', m.id, m.project_id, m.task_id, m.created_at, ts_rank(m.search, query.words)
  from query cross join lateral (
    select cm.id, t.project_id, cm.task_id, cm.created_at, cm.search
    from comments cm join tasks t on t.id = cm.task_id
    where cm.search @@ query.words and cm.deleted_at is null and t.deleted_at is null
      and t.project_id in (select v.id from visible v)
    order by cm.created_at desc limit ${rankedMatches}
  ) m`;

const matchingProjects = sql`
  select 'project', v.id, v.id, null::uuid, v.updated_at, ts_rank(v.search, query.words)
  from query join visible v on v.search @@ query.words`;

/** The part of a hit's own text around the first match, or its beginning. */
const cutOut = (pattern: string): Sql => sql`
  select substr(whole.text, place.first, ${shownCharacters}) as text,
    place.first > 1 as "isCutBefore", length(whole.text) >= place.first + ${shownCharacters} as "isCutAfter"
  from (
    select case page.kind when 'comment' then cm.body when 'task' then t.description else v.description end as text
  ) whole
  cross join lateral (
    select greatest(1, regexp_instr(lower(whole.text), ${pattern}) - ${charactersBefore}) as first
  ) place`;
