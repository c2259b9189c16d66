import { hashSecret } from '@taskflow/domain';
import type pg from 'pg';

/** Sizes of the seeded workspace. */
const sizes = { projects: 10, tasksPerProject: 20_000, people: 100, labels: 12 } as const;

/** The workspace that benchmarks run in. */
export interface World {
  readonly workspaceId: string;
  readonly projectIds: readonly string[];
  readonly userIds: readonly string[];
  readonly labelIds: readonly string[];
  /** Statuses of the first project. */
  readonly statusIds: readonly string[];
  /** Cookie of each person's session. */
  readonly cookies: readonly string[];
}

/**
 * Dice that fall independently of each other, but alike in every run; ids that grow with time as those of the
 * application do (UUIDv7).
 */
const ids = `
  create function pg_temp.dice(n bigint, salt text, sides int) returns int language sql immutable as $$
    select 1 + abs(hashtext(salt || n)::bigint)::int % sides
  $$;
  create function pg_temp.made_id(kind int, n bigint) returns uuid language sql immutable as $$
    select (lpad(to_hex(1760000000000 + n), 12, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8'
      || substr(md5(kind || ':' || n), 1, 15))::uuid
  $$`;

const people = `
  insert into users (id, email, name)
  select pg_temp.made_id(1, n), 'person' || n || '@example.com', 'Person ' || n
  from generate_series(1, ${sizes.people}) n;
  insert into workspaces (id, slug, name) values (pg_temp.made_id(2, 1), 'bench', 'Bench');
  insert into workspace_slugs select slug, id from workspaces;
  insert into activity_counters (workspace_id) select id from workspaces;
  insert into memberships (workspace_id, user_id, role)
  select pg_temp.made_id(2, 1), id, (case when email = 'person1@example.com' then 'owner' else 'member' end)::workspace_role
  from users;
  insert into labels (id, workspace_id, name, color)
  select pg_temp.made_id(3, n), pg_temp.made_id(2, 1), 'Label ' || n, '#5e6ad2'
  from generate_series(1, ${sizes.labels}) n;`;

const projects = `
  insert into projects (id, workspace_id, key, name, color)
  select pg_temp.made_id(4, n), pg_temp.made_id(2, 1), 'P' || chr(64 + n), 'Project ' || n, '#5e6ad2'
  from generate_series(1, ${sizes.projects}) n;
  insert into project_keys select workspace_id, key, id from projects;
  insert into task_counters select id, ${sizes.tasksPerProject} from projects;
  insert into project_members (workspace_id, project_id, user_id, role)
  select p.workspace_id, p.id, u.id, 'member' from projects p, users u where u.email like 'person_@example.com';
  insert into statuses (id, workspace_id, project_id, name, category, color, position)
  select pg_temp.made_id(5, (ascii(substr(p.key, 2)) - 64) * 10 + s.n), p.workspace_id, p.id, s.name,
    s.category::status_category, '#5e6ad2', s.n
  from projects p, (values (1, 'Backlog', 'backlog'), (2, 'To do', 'unstarted'), (3, 'In progress', 'started'),
    (4, 'Done', 'completed'), (5, 'Canceled', 'canceled')) s (n, name, category);`;

const tasks = `
  insert into tasks (
    id, workspace_id, project_id, number, title, description, status_id, category, priority, due_at, estimate,
    parent_id, rank, created_by, created_at, updated_at, completed_at
  )
  select pg_temp.made_id(6, n), pg_temp.made_id(2, 1), pg_temp.made_id(4, p), number,
    'Task ' || number || ': ' || (array['replace', 'check', 'order', 'write', 'review', 'deploy'])[pg_temp.dice(n, 'verb', 6)]
      || ' the ' || (array['pump', 'report', 'gateway', 'contract', 'invoice', 'valve', 'schema'])[pg_temp.dice(n, 'noun', 7)],
    repeat('What is to be done, and how one can tell that it is done. ', pg_temp.dice(n, 'text', 5) - 1),
    pg_temp.made_id(5, p * 10 + s), (array['backlog', 'unstarted', 'started', 'completed', 'canceled'])[s]::status_category,
    (array['none', 'low', 'medium', 'high', 'urgent'])[pg_temp.dice(n, 'priority', 5)]::task_priority,
    case when pg_temp.dice(n, 'due', 5) < 4
      then timestamptz '2026-11-01' + pg_temp.dice(n, 'when', 86400) * interval '1 minute' end,
    case when pg_temp.dice(n, 'estimated', 4) = 1 then pg_temp.dice(n, 'points', 13) end,
    case when number % 10 in (8, 9) then pg_temp.made_id(6, n - number % 10 + 1) end,
    'n' || lpad(to_hex(number), 8, '0') || 'V', pg_temp.made_id(1, pg_temp.dice(n, 'author', ${sizes.people})),
    timestamptz '2026-01-01' + n * interval '1 minute',
    timestamptz '2026-01-01' + pg_temp.dice(n, 'updated', 400000) * interval '1 minute',
    case when s = 4 then timestamptz '2026-10-01' end
  from (
    select n, 1 + (n - 1) / ${sizes.tasksPerProject} as p, (1 + (n - 1) % ${sizes.tasksPerProject})::int as number,
      (array[1, 1, 2, 2, 2, 3, 3, 4, 4, 5])[pg_temp.dice(n, 'status', 10)] as s
    from generate_series(1, ${sizes.projects * sizes.tasksPerProject}::bigint) n
  ) made;
  create temp table numbered as
    select t.id, t.workspace_id, t.created_by, t.number, row_number() over (order by t.id) as n from tasks t;
  insert into task_assignees (workspace_id, task_id, user_id)
  select workspace_id, id, pg_temp.made_id(1, pg_temp.dice(n, 'assignee', ${sizes.people}))
  from numbered where pg_temp.dice(n, 'assigned', 10) < 8;
  insert into task_labels (workspace_id, task_id, label_id)
  select distinct workspace_id, id, pg_temp.made_id(3, pg_temp.dice(n, 'label' || k, ${sizes.labels}))
  from numbered, generate_series(1, 2) k where pg_temp.dice(n, 'labelled', 3) < 3;
  insert into comments (id, workspace_id, task_id, author_id, body)
  select pg_temp.made_id(7, n), workspace_id, id, created_by,
    'Looked at it: the ' || (array['seal', 'cable', 'total', 'clause'])[pg_temp.dice(n, 'thing', 4)] || ' needs another look.'
  from numbered where pg_temp.dice(n, 'talk', 5) = 1;`;

/** Fills an empty database: 200,000 tasks in one workspace, with people, labels and comments. Answers whether it was. */
export async function seed(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query('select from workspaces limit 1');
  if (rows.length > 0) {
    return false;
  }
  await admin.query("set session_replication_role = 'replica'");
  for (const statements of [ids, people, projects, tasks]) {
    await admin.query(statements);
  }
  await admin.query("set session_replication_role = 'origin'");
  for (let index = 0; index < sizes.people; index += 1) {
    await admin.query(
      `insert into sessions (id, user_id, token_hash, user_agent, ip, expires_at)
       select gen_random_uuid(), id, $2, 'bench', '127.0.0.1', now() + interval '1 year' from users where email = $1`,
      [`person${index + 1}@example.com`, hashSecret(sessionSecret(index))],
    );
  }
  await admin.query('vacuum analyze');
  return true;
}

/** The secret of a person's session: signed in without the wait for a password's hash. */
const sessionSecret = (index: number): string => `bench-session-of-person-${index}`;

/** Reads what was seeded. */
export async function readWorld(admin: pg.Client): Promise<World> {
  const list = async (statement: string): Promise<string[]> => {
    const { rows } = await admin.query<{ id: string }>(statement);
    return rows.map(({ id }) => id);
  };
  const userIds = await list(
    "select id from users where email like 'person%' order by split_part(substr(email, 7), '@', 1)::int",
  );
  return {
    workspaceId: (await list('select id from workspaces'))[0] ?? '',
    projectIds: await list('select id from projects order by key'),
    userIds,
    labelIds: await list('select id from labels order by id'),
    statusIds: await list(
      "select s.id from statuses s join projects p on p.id = s.project_id where p.key = 'PA' order by position",
    ),
    cookies: userIds.map((_, index) => `taskflow=${sessionSecret(index)}`),
  };
}
