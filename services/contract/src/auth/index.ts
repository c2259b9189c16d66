export { authRoutes } from './routes.ts';
export { type User, userSchema, personName, newPassword } from './schemas.ts';
