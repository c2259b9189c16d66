/** Baseline of `create`: Koa and its router, one route, the product's own statement. No session, no rights, no checks. */
import { createHash, randomUUID } from 'node:crypto';
import Router from '@koa/router';
import Koa from 'koa';
import pg from 'pg';
import { fromEnv, placeholders } from '../harness/statement.ts';
import { serve } from './serve.ts';

const { text, values } = fromEnv();
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });

async function bodyOf(request: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const router = new Router();
router.post('/api/v1/projects/:id/tasks', async (ctx) => {
  const body = await bodyOf(ctx.req);
  JSON.parse(body);
  const own = new Map<unknown, unknown>([
    [placeholders.id, randomUUID()],
    [placeholders.key, ctx.get('Idempotency-Key')],
    [placeholders.bodyHash, createHash('sha256').update(body).digest()],
  ]);
  const { rows } = await pool.query<{ json: string; etag: string }>({
    name: 'create',
    text,
    values: values.map((value) => (own.has(value) ? own.get(value) : value)),
  });
  ctx.status = 201;
  ctx.type = 'application/json';
  ctx.set('ETag', `"${rows[0]?.etag ?? ''}"`);
  ctx.body = rows[0]?.json;
});

const app = new Koa();
app.use(router.routes());
const handler = app.callback();
serve((request, response) => void handler(request, response));
