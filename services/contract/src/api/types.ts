import type { z } from 'zod';
import type { routes } from './routes.ts';

type Routes = typeof routes;
type Input<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined;

/** The name of a route, like `POST /auth/login`. */
export type RouteKey = keyof Routes;
/** What a caller puts in the path of a route. */
export type Params<Key extends RouteKey> = Routes[Key] extends {
  params: infer Schema;
}
  ? Input<Schema>
  : undefined;
/** What a caller may put in the query of a route. */
export type Query<Key extends RouteKey> = Routes[Key] extends {
  query: infer Schema;
}
  ? Input<Schema>
  : undefined;
/** What a caller sends to a route. */
export type Body<Key extends RouteKey> = Routes[Key] extends {
  body: infer Schema;
}
  ? Input<Schema>
  : undefined;
/** What a route answers. */
export type Answer<Key extends RouteKey> = Routes[Key]['success'] extends {
  body: infer Schema extends z.ZodType;
}
  ? z.output<Schema>
  : undefined;
