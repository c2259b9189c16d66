/** Baseline of `jobs-post`: Koa and its router, one route, one INSERT of a job. No session, no rights, no checks. */
import { randomUUID } from 'node:crypto';
import Router from '@koa/router';
import Koa from 'koa';
import pg from 'pg';
import { serve } from './serve.ts';

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });

async function bodyOf(request: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const router = new Router();
router.post('/api/v1/jobs', async (ctx) => {
  const body = await bodyOf(ctx.req);
  JSON.parse(body);
  const id = randomUUID();
  await pool.query({
    name: 'insert',
    text: `insert into jobs (id, type, priority, payload, state) values ($1, 'project.export', 'bulk', $2, 'pending')`,
    values: [id, body],
  });
  ctx.status = 202;
  ctx.body = { id };
});

const app = new Koa();
app.use(router.routes());
const handler = app.callback();
serve((request, response) => void handler(request, response));
