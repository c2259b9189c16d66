import { z } from 'zod';
import { defineRoutes } from '../http/index.ts';
import {
  forgotPasswordBody,
  loginBody,
  registerBody,
  resetPasswordBody,
  userSchema,
  verifyEmailBody,
} from './schemas.ts';

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
  'POST /auth/email/verify': {
    summary: 'Show that mail to the address arrives, with the value of the link in it',
    tag: 'Authentication',
    auth: 'public',
    body: verifyEmailBody,
    success: { status: 204 },
    secret: true,
  },
  'POST /auth/email/resend': {
    summary: 'Send the link that verifies the own address again; nothing happens when it is verified',
    tag: 'Authentication',
    auth: 'admin',
    success: { status: 202 },
  },
  'POST /auth/password/forgot': {
    summary: 'Send a link that sets a new password; the answer is the same whether or not there is an account',
    tag: 'Authentication',
    auth: 'public',
    body: forgotPasswordBody,
    success: { status: 202 },
    secret: true,
  },
  'POST /auth/password/reset': {
    summary: 'Set a new password with the value of the link; every session ends',
    tag: 'Authentication',
    auth: 'public',
    body: resetPasswordBody,
    success: { status: 204 },
    secret: true,
  },
});
