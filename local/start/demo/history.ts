import pg from 'pg';

const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;

/** From the moment `real` on, it is `at` in the story. */
interface Mark {
  readonly real: string;
  readonly at: string;
}

/** Remembers when what was done, and moves it to where the story has it. */
export interface History {
  /** What is done from now on happens at `at`. */
  turnTo(at: Date): void;
  /**
   * Moves every instant of the workspace, and the beginning of its people's accounts, to the story's time; all of it
   * or nothing.
   */
  write(databaseUrl: string, workspaceId: string): Promise<void>;
}

/** @param clock must be the clock of the machine that PostgreSQL runs on */
export function createHistory(clock: () => number = Date.now): History {
  const marks: Mark[] = [];
  return {
    turnTo: (at) => void marks.push({ real: new Date(clock()).toISOString(), at: at.toISOString() }),
    async write(databaseUrl, workspaceId) {
      const client = new pg.Client({
        connectionString: databaseUrl,
        connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
        statement_timeout: STATEMENT_TIMEOUT_MS,
      });
      await client.connect();
      try {
        await client.query('begin');
        for (const statement of moves) {
          await client.query(statement, [workspaceId, JSON.stringify(marks)]);
        }
        await client.query(accountsBegin, [workspaceId]);
        await client.query('commit');
      } finally {
        // An open transaction is rolled back with its connection.
        await client.end();
      }
    },
  };
}

/** The moment of the story at which a column's instant took place; what is older than the seeding stays. */
const story = (column: string): string => `coalesce((
  select mark.at
  from jsonb_to_recordset($2::jsonb) as mark (real timestamptz, at timestamptz)
  where mark.real <= ${column} order by mark.real desc limit 1
), ${column})`;

const move = (table: string, columns: readonly string[], condition = 'workspace_id = $1'): string => `
  update ${table} set ${columns.map((column) => `${column} = ${story(`${table}.${column}`)}`).join(', ')} where ${condition}`;

const moves = [
  move('workspaces', ['created_at', 'updated_at'], 'id = $1'),
  move('memberships', ['joined_at']),
  move('invitations', ['created_at', 'accepted_at']),
  move('labels', ['created_at', 'updated_at']),
  move('projects', ['created_at', 'updated_at']),
  move('project_members', ['added_at']),
  move('statuses', ['created_at', 'updated_at']),
  move('tasks', ['created_at', 'updated_at', 'completed_at']),
  move('task_links', ['created_at']),
  move('comments', ['created_at', 'updated_at', 'edited_at']),
  move('activity', ['at']),
];

/** `updated_at` stays: the two tell a finished demo from one that was interrupted. */
const accountsBegin = `
  update users set created_at = m.joined_at from memberships m where m.user_id = users.id and m.workspace_id = $1`;
