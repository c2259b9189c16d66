import { z } from 'zod';
import { defineRoutes, pageOf, pageQuery, pathId } from '../http/index.ts';
import { commentBody, commentSchema } from './schemas.ts';

const byId = z.strictObject({ id: pathId });
const inWorkspace = z.strictObject({ workspace: pathId.optional() });

/** Routes of comments. */
export const commentRoutes = defineRoutes({
  'GET /tasks/{id}/comments': {
    summary: 'Comments of a task, oldest first',
    tag: 'Comments',
    auth: 'read',
    params: byId,
    query: inWorkspace.extend(pageQuery),
    success: { status: 200, body: pageOf(commentSchema) },
  },
  'POST /tasks/{id}/comments': {
    summary: 'Comment on a task',
    tag: 'Comments',
    auth: 'write',
    params: byId,
    query: inWorkspace,
    body: commentBody,
    success: { status: 201, body: commentSchema },
    versioned: true,
  },
  'GET /comments/{id}': {
    summary: 'One comment',
    tag: 'Comments',
    auth: 'read',
    params: byId,
    success: { status: 200, body: commentSchema },
    versioned: true,
  },
  'PATCH /comments/{id}': {
    summary: 'Edit the own comment',
    tag: 'Comments',
    auth: 'write',
    params: byId,
    body: commentBody,
    success: { status: 200, body: commentSchema },
    versioned: true,
  },
  'DELETE /comments/{id}': {
    summary: 'Delete a comment; restorable',
    tag: 'Comments',
    auth: 'write',
    params: byId,
    success: { status: 204 },
    versioned: true,
  },
  'POST /comments/{id}/restore': {
    summary: 'Bring a deleted comment back',
    tag: 'Comments',
    auth: 'write',
    params: byId,
    success: { status: 200, body: commentSchema },
    versioned: true,
  },
});
