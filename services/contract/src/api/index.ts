export { apiPrefix, routes } from './routes.ts';
export type { Answer, Body, Params, Query, RouteKey } from './types.ts';
