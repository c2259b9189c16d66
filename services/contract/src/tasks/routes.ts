import { z } from 'zod';
import { defineRoutes, pageOf, pathId } from '../http/index.ts';
import { taskListQuery } from './list.ts';
import { recurrenceSchema, taskRecurrenceSchema } from './recurrence.ts';
import {
  createTaskBody,
  createTaskLinkBody,
  moveTaskBody,
  taskLinkSchema,
  taskSchema,
  updateTaskBody,
} from './schemas.ts';

const byId = z.strictObject({ id: pathId });
const byLink = z.strictObject({ id: pathId, linkId: pathId });
/** A key like `OPS-42` may stand for the id when the workspace is named. */
const inWorkspace = z.strictObject({ workspace: pathId.optional() });

/** Routes of tasks and their links. */
export const taskRoutes = defineRoutes({
  'GET /projects/{id}/tasks': {
    summary: 'Tasks of a project',
    tag: 'Tasks',
    auth: 'read',
    params: byId,
    query: taskListQuery,
    success: { status: 200, body: pageOf(taskSchema) },
  },
  'POST /projects/{id}/tasks': {
    summary: 'Create a task',
    tag: 'Tasks',
    auth: 'write',
    params: byId,
    body: createTaskBody,
    success: { status: 201, body: taskSchema },
    versioned: true,
  },
  'GET /workspaces/{id}/tasks': {
    summary: 'Tasks of every project that the caller sees',
    tag: 'Tasks',
    auth: 'read',
    params: byId,
    query: taskListQuery,
    success: { status: 200, body: pageOf(taskSchema) },
  },
  'GET /tasks/{id}': {
    summary: 'One task; `{id}` may be a key like OPS-42 with `?workspace=`',
    tag: 'Tasks',
    auth: 'read',
    params: byId,
    query: inWorkspace,
    success: { status: 200, body: taskSchema },
    versioned: true,
  },
  'PATCH /tasks/{id}': {
    summary: 'Change fields of a task',
    tag: 'Tasks',
    auth: 'write',
    params: byId,
    query: inWorkspace,
    body: updateTaskBody,
    success: { status: 200, body: taskSchema },
    versioned: true,
  },
  'DELETE /tasks/{id}': {
    summary: 'Delete a task and its sub-tasks; restorable',
    tag: 'Tasks',
    auth: 'write',
    params: byId,
    query: inWorkspace,
    success: { status: 204 },
    versioned: true,
  },
  'POST /tasks/{id}/restore': {
    summary: 'Bring a deleted task back',
    tag: 'Tasks',
    auth: 'write',
    params: byId,
    success: { status: 200, body: taskSchema },
    versioned: true,
  },
  'POST /tasks/{id}/move': {
    summary: 'Move a task within its board',
    tag: 'Tasks',
    auth: 'write',
    params: byId,
    query: inWorkspace,
    body: moveTaskBody,
    success: { status: 200, body: taskSchema },
    versioned: true,
  },
  'GET /tasks/{id}/recurrence': {
    summary: 'How a task repeats',
    tag: 'Tasks',
    auth: 'read',
    params: byId,
    query: inWorkspace,
    success: { status: 200, body: taskRecurrenceSchema },
  },
  'PUT /tasks/{id}/recurrence': {
    summary: 'Let a task repeat, counted from its due date; its next one has the same sub-tasks and labels',
    tag: 'Tasks',
    auth: 'write',
    params: byId,
    query: inWorkspace,
    body: recurrenceSchema,
    success: { status: 200, body: taskRecurrenceSchema },
  },
  'DELETE /tasks/{id}/recurrence': {
    summary: 'Let a task repeat no more',
    tag: 'Tasks',
    auth: 'write',
    params: byId,
    query: inWorkspace,
    success: { status: 204 },
  },
  'GET /tasks/{id}/links': {
    summary: 'Links of a task to tasks that the caller sees',
    tag: 'Tasks',
    auth: 'read',
    params: byId,
    query: inWorkspace,
    success: { status: 200, body: pageOf(taskLinkSchema) },
  },
  'POST /tasks/{id}/links': {
    summary: 'Link a task to another of the same workspace',
    tag: 'Tasks',
    auth: 'write',
    params: byId,
    query: inWorkspace,
    body: createTaskLinkBody,
    success: { status: 201, body: taskLinkSchema },
  },
  'DELETE /tasks/{id}/links/{linkId}': {
    summary: 'Remove a link',
    tag: 'Tasks',
    auth: 'write',
    params: byLink,
    query: inWorkspace,
    success: { status: 204 },
  },
});
