export { meRoutes } from './routes.ts';
export {
  type ApiToken,
  type Session,
  apiTokenSchema,
  sessionSchema,
} from './schemas.ts';
