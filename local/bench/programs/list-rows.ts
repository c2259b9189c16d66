/** Baseline of `list`: node:http, pg, the same page as rows, JSON.stringify. No session, no rights, no checks. */
import pg from 'pg';
import { fromEnv } from '../harness/statement.ts';
import { serve } from './serve.ts';

const statement = fromEnv();
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });

interface Row {
  readonly comments: string;
  readonly subtasks: string;
  readonly completedSubtasks: string;
}

const toTask = ({ comments, subtasks, completedSubtasks, ...task }: Row) => ({
  ...task,
  counts: {
    comments: Number(comments),
    subtasks: Number(subtasks),
    completedSubtasks: Number(completedSubtasks),
  },
});

serve((_, response) => {
  pool
    .query<Row>({ ...statement, name: 'list' })
    .then(({ rows }) => {
      const body = JSON.stringify({ items: rows.slice(0, 50).map(toTask), nextCursor: null });
      response.setHeader('Content-Type', 'application/json');
      response.setHeader('Content-Length', Buffer.byteLength(body));
      response.end(body);
    })
    .catch((error: unknown) => response.writeHead(500).end(String(error)));
});
