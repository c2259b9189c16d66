import { z } from 'zod';
import { defineRoutes, pageOf, pageQuery, pathId } from '../http/index.ts';
import {
  bulkJobsBody,
  bulkJobsResultSchema,
  jobListFilter,
  jobSchema,
  jobSummarySchema,
  jobWhySchema,
  ownJobSchema,
  quarantineGroupSchema,
  taskEffectSchema,
} from './job-schemas.ts';
import {
  askedRunSchema,
  breakerEventSchema,
  breakerListSchema,
  breakerModeBody,
  breakerSchema,
  jobTypeSettingsSchema,
  queuesSchema,
  scheduleSchema,
  updateJobTypeBody,
  updateScheduleBody,
} from './system-schemas.ts';

const tag = 'Operations';
const byId = z.strictObject({ id: pathId });
const byKey = z.strictObject({ key: z.string() });

const jobRoutes = defineRoutes({
  'GET /jobs': {
    summary: 'Jobs, newest first',
    tag,
    auth: 'admin',
    query: z.strictObject({ ...pageQuery, ...jobListFilter }),
    success: { status: 200, body: pageOf(jobSummarySchema) },
  },
  'GET /jobs/quarantine': {
    summary: 'Quarantined jobs in groups that are alike, largest first',
    tag,
    auth: 'admin',
    success: { status: 200, body: pageOf(quarantineGroupSchema) },
  },
  'POST /jobs/bulk': {
    summary: 'Do something with all jobs that a filter names; at most 5,000 at a time',
    tag,
    auth: 'admin',
    body: bulkJobsBody,
    success: { status: 200, body: bulkJobsResultSchema },
  },
  'GET /jobs/{id}': {
    summary: 'One job; for operators with its attempts, and for whoever asked for it. Secrets are blanked',
    tag,
    auth: 'read',
    params: byId,
    success: { status: 200, body: jobSchema },
  },
  'GET /jobs/{id}/why': {
    summary: 'Why a job is where it is, in a sentence',
    tag,
    auth: 'admin',
    params: byId,
    success: { status: 200, body: jobWhySchema },
  },
  'POST /jobs/{id}/release': {
    summary: 'Let a quarantined job run again, with all its tries',
    tag,
    auth: 'admin',
    params: byId,
    success: { status: 200, body: jobSchema },
  },
  'POST /jobs/{id}/retry': {
    summary: 'Run a job now that waits for its time, its next attempt or in quarantine',
    tag,
    auth: 'admin',
    params: byId,
    success: { status: 200, body: jobSchema },
  },
  'POST /jobs/{id}/discard': {
    summary: 'End a job that waits, for good',
    tag,
    auth: 'admin',
    params: byId,
    success: { status: 200, body: jobSchema },
  },
  'POST /jobs/{id}/cancel': {
    summary: 'Cancel a job; one that runs is told to end',
    tag,
    auth: 'admin',
    params: byId,
    success: { status: 200, body: jobSchema },
  },
  'GET /me/jobs': {
    summary: 'Jobs that the person asked for, newest first',
    tag: 'Me',
    auth: 'read',
    query: z.strictObject(pageQuery),
    success: { status: 200, body: pageOf(ownJobSchema) },
  },
  'GET /tasks/{id}/effects': {
    summary: 'What a task has caused: mails and deliveries to webhooks, newest first',
    tag: 'Tasks',
    auth: 'read',
    params: byId,
    query: z.strictObject({ ...pageQuery, workspace: pathId.optional() }),
    success: { status: 200, body: pageOf(taskEffectSchema) },
  },
});

const breakerRoutes = defineRoutes({
  'GET /breakers': {
    summary: 'Circuit breakers, those that hold jobs back first',
    tag,
    auth: 'admin',
    success: { status: 200, body: breakerListSchema },
  },
  'GET /breakers/{key}/events': {
    summary: 'What a breaker did, latest first',
    tag,
    auth: 'admin',
    params: byKey,
    query: z.strictObject(pageQuery),
    success: { status: 200, body: pageOf(breakerEventSchema) },
  },
  'POST /breakers/{key}/reset': {
    summary: 'Close a breaker; the jobs that wait for it are released',
    tag,
    auth: 'admin',
    params: byKey,
    success: { status: 200, body: breakerSchema },
  },
  'PUT /breakers/{key}/mode': {
    summary: 'Let a breaker act by itself, force it open or closed, or let it only count',
    tag,
    auth: 'admin',
    params: byKey,
    body: breakerModeBody,
    success: { status: 200, body: breakerSchema },
  },
});

const systemRoutes = defineRoutes({
  'GET /queues': {
    summary: 'What waits and runs, by queue and by type, and which workers there are',
    tag,
    auth: 'admin',
    success: { status: 200, body: queuesSchema },
  },
  'PATCH /job-types/{type}': {
    summary: 'Pause or resume a type of job, or give it another priority',
    tag,
    auth: 'admin',
    params: z.strictObject({ type: z.string() }),
    body: updateJobTypeBody,
    success: { status: 200, body: jobTypeSettingsSchema },
  },
  'GET /schedules': {
    summary: 'Schedules with their next and last run',
    tag,
    auth: 'admin',
    query: z.strictObject(pageQuery),
    success: { status: 200, body: pageOf(scheduleSchema) },
  },
  'GET /schedules/{id}': {
    summary: 'One schedule',
    tag,
    auth: 'admin',
    params: byId,
    success: { status: 200, body: scheduleSchema },
    versioned: true,
  },
  'PATCH /schedules/{id}': {
    summary: 'Pause or resume a schedule',
    tag,
    auth: 'admin',
    params: byId,
    body: updateScheduleBody,
    success: { status: 200, body: scheduleSchema },
    versioned: true,
  },
  'POST /schedules/{id}/run': {
    summary: 'Run a schedule now, beside its timing',
    tag,
    auth: 'admin',
    params: byId,
    success: { status: 202, body: askedRunSchema },
  },
  'GET /operations/events': {
    summary: 'Queues and breakers as they change, about once a second: server-sent events',
    tag,
    auth: 'admin',
    success: { status: 200, mediaType: 'text/event-stream' },
  },
});

/** Routes of the control plane; for those who operate the instance, unless it says otherwise. */
export const operationsRoutes = { ...jobRoutes, ...breakerRoutes, ...systemRoutes };
