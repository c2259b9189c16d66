export { commentRoutes } from './routes.ts';
export { type Comment, commentBody, commentSchema } from './schemas.ts';
