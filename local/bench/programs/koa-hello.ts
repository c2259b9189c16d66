/** Baseline of `start`: Koa that says hello once PostgreSQL has answered. */
import Koa from 'koa';
import pg from 'pg';
import { serve } from './serve.ts';

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
const app = new Koa();
app.use((ctx) => {
  ctx.body = 'hello';
});
await pool.query('select 1');
const handler = app.callback();
serve((request, response) => void handler(request, response));
