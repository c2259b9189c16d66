import { z } from 'zod';
import { defineRoutes, pageOf, pathId } from '../http/index.ts';
import { userSchema } from '../auth/index.ts';
import { taskListQuery, taskSchema } from '../tasks/index.ts';
import {
  apiTokenSchema,
  changePasswordBody,
  createTokenBody,
  newApiTokenSchema,
  sessionSchema,
  updateMeBody,
} from './schemas.ts';

const params = z.strictObject({ id: pathId });

/** Routes about the person who calls. */
export const meRoutes = defineRoutes({
  'GET /me': {
    summary: 'The signed-in person',
    tag: 'Me',
    auth: 'read',
    success: { status: 200, body: userSchema },
    versioned: true,
  },
  'PATCH /me': {
    summary: 'Change the own profile',
    tag: 'Me',
    auth: 'admin',
    body: updateMeBody,
    success: { status: 200, body: userSchema },
    versioned: true,
  },
  'POST /me/password': {
    summary: 'Change the password; every other session ends',
    tag: 'Me',
    auth: 'admin',
    body: changePasswordBody,
    success: { status: 204 },
    secret: true,
  },
  'GET /me/sessions': {
    summary: 'Where the person is signed in',
    tag: 'Me',
    auth: 'admin',
    success: { status: 200, body: pageOf(sessionSchema) },
  },
  'DELETE /me/sessions': {
    summary: 'Sign out everywhere else',
    tag: 'Me',
    auth: 'admin',
    success: { status: 204 },
  },
  'DELETE /me/sessions/{id}': {
    summary: 'End one session',
    tag: 'Me',
    auth: 'admin',
    params,
    success: { status: 204 },
  },
  'GET /me/tokens': {
    summary: 'Personal API tokens',
    tag: 'Me',
    auth: 'admin',
    success: { status: 200, body: pageOf(apiTokenSchema) },
  },
  'POST /me/tokens': {
    summary: 'Make a personal API token; its value is shown once',
    tag: 'Me',
    auth: 'admin',
    body: createTokenBody,
    success: { status: 201, body: newApiTokenSchema },
    secret: true,
  },
  'DELETE /me/tokens/{id}': {
    summary: 'Revoke a token',
    tag: 'Me',
    auth: 'admin',
    params,
    success: { status: 204 },
  },
  'GET /me/tasks': {
    summary: 'Tasks assigned to the person, in every workspace',
    tag: 'Me',
    auth: 'read',
    query: taskListQuery.omit({ assignee: true }),
    success: { status: 200, body: pageOf(taskSchema) },
  },
});
