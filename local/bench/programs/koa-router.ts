/** Baseline of `stack`: Koa and its router, one route that answers JSON. */
import Router from '@koa/router';
import Koa from 'koa';
import { serve } from './serve.ts';

const router = new Router();
router.get('/api/v1/instance', (ctx) => {
  ctx.body = { name: 'TaskFlow', version: '0.1.0', registration: 'open' };
});
const app = new Koa();
app.use(router.routes());
app.use(router.allowedMethods());
const handler = app.callback();
serve((request, response) => void handler(request, response));
