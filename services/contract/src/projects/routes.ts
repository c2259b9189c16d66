import { z } from 'zod';
import { defineRoutes, pageOf, pageQuery, pathId } from '../http/index.ts';
import {
  createProjectBody,
  createStatusBody,
  deleteStatusQuery,
  projectMemberSchema,
  projectSchema,
  putProjectMemberBody,
  statusSchema,
  updateProjectBody,
  updateStatusBody,
} from './schemas.ts';

const byId = z.strictObject({ id: pathId });
const byMember = z.strictObject({ id: pathId, userId: pathId });
const byStatus = z.strictObject({ id: pathId, statusId: pathId });
/** A project's key (old ones too) may stand for its id when the workspace is named. */
const inWorkspace = z.strictObject({ workspace: pathId.optional() });

/** Routes of projects, their people and statuses. */
export const projectRoutes = defineRoutes({
  'GET /workspaces/{id}/projects': {
    summary: 'Projects that the caller sees',
    tag: 'Projects',
    auth: 'read',
    params: byId,
    query: z.strictObject(pageQuery),
    success: { status: 200, body: pageOf(projectSchema) },
  },
  'POST /workspaces/{id}/projects': {
    summary: 'Create a project with the usual statuses',
    tag: 'Projects',
    auth: 'write',
    params: byId,
    body: createProjectBody,
    success: { status: 201, body: projectSchema },
    versioned: true,
  },
  'GET /projects/{id}': {
    summary: 'One project; `{id}` may be a key with `?workspace=`',
    tag: 'Projects',
    auth: 'read',
    params: byId,
    query: inWorkspace,
    success: { status: 200, body: projectSchema },
    versioned: true,
  },
  'PATCH /projects/{id}': {
    summary: 'Change the settings of a project',
    tag: 'Projects',
    auth: 'write',
    params: byId,
    body: updateProjectBody,
    success: { status: 200, body: projectSchema },
    versioned: true,
  },
  'DELETE /projects/{id}': {
    summary: 'Delete a project',
    tag: 'Projects',
    auth: 'write',
    params: byId,
    success: { status: 204 },
    versioned: true,
  },
  'POST /projects/{id}/restore': {
    summary: 'Bring a deleted project back',
    tag: 'Projects',
    auth: 'write',
    params: byId,
    success: { status: 200, body: projectSchema },
    versioned: true,
  },
  'GET /projects/{id}/members': {
    summary: 'People of a project',
    tag: 'Projects',
    auth: 'read',
    params: byId,
    success: { status: 200, body: pageOf(projectMemberSchema) },
  },
  'PUT /projects/{id}/members/{userId}': {
    summary: 'Add a person to a project or change the role there',
    tag: 'Projects',
    auth: 'write',
    params: byMember,
    body: putProjectMemberBody,
    success: { status: 200, body: projectMemberSchema },
  },
  'DELETE /projects/{id}/members/{userId}': {
    summary: 'Take a person out of a project',
    tag: 'Projects',
    auth: 'write',
    params: byMember,
    success: { status: 204 },
  },
  'GET /projects/{id}/statuses': {
    summary: 'Statuses of a project, in the order of its board',
    tag: 'Statuses',
    auth: 'read',
    params: byId,
    success: { status: 200, body: pageOf(statusSchema) },
  },
  'POST /projects/{id}/statuses': {
    summary: 'Add a status',
    tag: 'Statuses',
    auth: 'write',
    params: byId,
    body: createStatusBody,
    success: { status: 201, body: statusSchema },
    versioned: true,
  },
  'PATCH /projects/{id}/statuses/{statusId}': {
    summary: 'Change or move a status',
    tag: 'Statuses',
    auth: 'write',
    params: byStatus,
    body: updateStatusBody,
    success: { status: 200, body: statusSchema },
    versioned: true,
  },
  'DELETE /projects/{id}/statuses/{statusId}': {
    summary: 'Delete a status; its tasks go to `moveTo`',
    tag: 'Statuses',
    auth: 'write',
    params: byStatus,
    query: deleteStatusQuery,
    success: { status: 204 },
    versioned: true,
  },
});
