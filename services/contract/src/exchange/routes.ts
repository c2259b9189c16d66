import { z } from 'zod';
import { defineRoutes, pageOf, pageQuery, pathId } from '../http/index.ts';
import { importProblemSchema, uploadQuery, uploadSchema } from './imports.ts';
import { createReportScheduleBody, reportScheduleSchema } from './reports.ts';
import { askableTypes, askedJobSchema, askJobBody } from './schemas.ts';

const byId = z.strictObject({ id: pathId });
const tag = 'Exports, imports and reports';

/** Routes of what goes out of a workspace and comes into it. */
export const exchangeRoutes = defineRoutes({
  'POST /jobs': {
    summary: 'Ask for an export, an import or a report; `GET /jobs/{id}` tells how it goes',
    tag,
    auth: 'write',
    body: askJobBody,
    success: { status: 202, body: askedJobSchema },
  },
  'GET /workspaces/{id}/asked-jobs': {
    summary: 'Exports, imports and reports that the caller asked for, newest first, with their files',
    tag,
    auth: 'read',
    params: byId,
    query: z.strictObject({ ...pageQuery, type: z.enum(askableTypes).optional(), project: z.guid().optional() }),
    success: { status: 200, body: pageOf(askedJobSchema) },
  },
  'GET /workspaces/{id}/report-schedules': {
    summary: 'Reports that the caller gets each week',
    tag,
    auth: 'read',
    params: byId,
    success: { status: 200, body: pageOf(reportScheduleSchema) },
  },
  'POST /workspaces/{id}/report-schedules': {
    summary: 'Get a report each week, by mail and as files',
    tag,
    auth: 'write',
    params: byId,
    body: createReportScheduleBody,
    success: { status: 201, body: reportScheduleSchema },
  },
  'DELETE /workspaces/{id}/report-schedules/{scheduleId}': {
    summary: 'Get a report no longer',
    tag,
    auth: 'write',
    params: z.strictObject({ id: pathId, scheduleId: pathId }),
    success: { status: 204 },
  },
  'POST /projects/{id}/uploads': {
    summary: 'Send a file of at most 20 MiB to be imported, as the body, of any media type; it is kept for a day',
    tag,
    auth: 'write',
    params: byId,
    query: uploadQuery,
    success: { status: 201, body: uploadSchema },
    secret: true,
  },
  'GET /jobs/{id}/problems': {
    summary: 'What is wrong with the file of an import, by line: the first 500',
    tag,
    auth: 'read',
    params: byId,
    success: { status: 200, body: pageOf(importProblemSchema) },
  },
  'GET /blobs/{id}': {
    summary: 'Download a file; for whoever asked for it',
    tag,
    auth: 'read',
    params: byId,
    success: { status: 200, mediaType: 'application/octet-stream' },
  },
});
