/** Baseline of `list`: node:http, pg, the product's own statement, its JSON passed through. No session, no rights. */
import pg from 'pg';
import { fromEnv } from '../harness/statement.ts';
import { serve } from './serve.ts';

const statement = fromEnv();
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });

serve((_, response) => {
  pool
    .query<{ items: string }>({ ...statement, name: 'list' })
    .then(({ rows }) => {
      const body = `{"items":[${rows[0]?.items ?? ''}],"nextCursor":null}`;
      response.setHeader('Content-Type', 'application/json');
      response.setHeader('Content-Length', Buffer.byteLength(body));
      response.end(body);
    })
    .catch((error: unknown) => response.writeHead(500).end(String(error)));
});
