import { z } from 'zod';
import { defineRoutes, flag, pageOf, pageQuery, pathId } from '../http/index.ts';
import {
  inboxCountSchema,
  inboxThreadSchema,
  preferencesSchema,
  readNotificationsBody,
  updatePreferencesBody,
  watchSchema,
} from './schemas.ts';

const tag = 'Notifications';
const byId = z.strictObject({ id: pathId });
/** A key like `OPS-42` may stand for the id when the workspace is named. */
const inWorkspace = z.strictObject({ workspace: pathId.optional() });

/** Routes of a person's inbox, of what they want in it, and of tasks that they watch. */
export const notificationRoutes = defineRoutes({
  'GET /notifications': {
    summary: 'The inbox of the person, in every workspace: grouped by task, newest first',
    tag,
    auth: 'read',
    query: z.strictObject({ ...pageQuery, unread: flag.optional() }),
    success: { status: 200, body: pageOf(inboxThreadSchema) },
  },
  'GET /notifications/count': {
    summary: 'How much in the inbox is unread',
    tag,
    auth: 'read',
    success: { status: 200, body: inboxCountSchema },
  },
  'POST /notifications/read': {
    summary: 'Mark notifications as read, each with what came before it about the same task; or all',
    tag,
    auth: 'write',
    body: readNotificationsBody,
    success: { status: 200, body: inboxCountSchema },
  },
  'GET /me/preferences': {
    summary: 'How the person wants to be told',
    tag,
    auth: 'read',
    success: { status: 200, body: preferencesSchema },
    versioned: true,
  },
  'PATCH /me/preferences': {
    summary: 'Change how the person wants to be told',
    tag,
    auth: 'admin',
    body: updatePreferencesBody,
    success: { status: 200, body: preferencesSchema },
    versioned: true,
  },
  'GET /tasks/{id}/watch': {
    summary: 'Whether the caller watches a task',
    tag,
    auth: 'read',
    params: byId,
    query: inWorkspace,
    success: { status: 200, body: watchSchema },
  },
  'PUT /tasks/{id}/watch': {
    summary: 'Be told what happens to a task',
    tag,
    auth: 'write',
    params: byId,
    query: inWorkspace,
    success: { status: 204 },
  },
  'DELETE /tasks/{id}/watch': {
    summary: 'Be told no more what happens to a task, but when named',
    tag,
    auth: 'write',
    params: byId,
    query: inWorkspace,
    success: { status: 204 },
  },
});
