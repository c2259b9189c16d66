import { z } from 'zod';
import { defineRoutes } from '../http/index.ts';
import { loginBody, registerBody, userSchema } from './schemas.ts';

const signedIn = z.strictObject({ user: userSchema });

/** Routes that begin and end a session. */
export const authRoutes = defineRoutes({
  'POST /auth/register': {
    summary: 'Create an account and sign in',
    tag: 'Authentication',
    auth: 'public',
    body: registerBody,
    success: { status: 201, body: signedIn },
    secret: true,
  },
  'POST /auth/login': {
    summary: 'Sign in',
    tag: 'Authentication',
    auth: 'public',
    body: loginBody,
    success: { status: 200, body: signedIn },
    secret: true,
  },
  'POST /auth/logout': {
    summary: 'Sign out: end this session',
    tag: 'Authentication',
    auth: 'public',
    success: { status: 204 },
  },
});
