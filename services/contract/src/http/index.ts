export {
  type ProblemCode,
  type Problem,
  type FieldError,
  problemCodes,
  problemSchema,
  fieldErrorSchema,
} from './problem.ts';
export {
  pageOf,
  pageQuery,
  cursorSchema,
  limitSchema,
  type Page,
} from './page.ts';
export {
  color,
  commaList,
  emailAddress,
  flag,
  id,
  instant,
  instantInput,
  line,
  pathId,
  prose,
  timeZoneName,
  version,
} from './primitives.ts';
export {
  defineRoutes,
  type RouteContract,
  type TokenScope,
  tokenScopes,
} from './route.ts';
