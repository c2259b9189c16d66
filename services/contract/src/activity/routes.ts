import { z } from 'zod';
import { defineRoutes, pageOf, pageQuery, pathId } from '../http/index.ts';
import { activitySchema } from './schemas.ts';

const byId = z.strictObject({ id: pathId });
const page = z.strictObject(pageQuery);

/** Routes that tell what happened, and what happens. */
export const activityRoutes = defineRoutes({
  'GET /tasks/{id}/activity': {
    summary: 'What happened to a task, newest first',
    tag: 'Activity',
    auth: 'read',
    params: byId,
    query: page.extend({ workspace: pathId.optional() }),
    success: { status: 200, body: pageOf(activitySchema) },
  },
  'GET /projects/{id}/activity': {
    summary: 'What happened in a project, newest first',
    tag: 'Activity',
    auth: 'read',
    params: byId,
    query: page,
    success: { status: 200, body: pageOf(activitySchema) },
  },
  'GET /workspaces/{id}/activity': {
    summary: 'What happened in a workspace, newest first',
    tag: 'Activity',
    auth: 'read',
    params: byId,
    query: page,
    success: { status: 200, body: pageOf(activitySchema) },
  },
  'GET /workspaces/{id}/events': {
    summary: 'Server-sent events of a workspace; resumes after Last-Event-ID (or `lastEventId`)',
    tag: 'Activity',
    auth: 'read',
    params: byId,
    query: z.strictObject({
      lastEventId: z.coerce.number().int().nonnegative().optional(),
    }),
    success: { status: 200, mediaType: 'text/event-stream' },
  },
});
