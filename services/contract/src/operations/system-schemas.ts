import { z } from 'zod';
import { id, instant, pageOf, version } from '../http/index.ts';
import { breakerModes, breakerStates, jobPriorities, jobStates, quarantineReasons } from '../jobs/index.ts';

const named = z.strictObject({ id, name: z.string() });
const count = z.number().int().nonnegative();

/** One circuit breaker. */
export const breakerSchema = z.strictObject({
  /** `type@scope:errorCode`. */
  key: z.string(),
  type: z.string(),
  scope: z.string(),
  /** What the scope stands for, in words: the address of an endpoint, the name of a workspace. */
  scopeName: z.string().nullable(),
  errorCode: z.string(),
  state: z.enum(breakerStates),
  mode: z.enum(breakerModes),
  modeSetBy: named.nullable(),
  modeSetAt: instant.nullable(),
  /** Of this code within the last minute. */
  failuresInWindow: count,
  /** Of the whole scope within the last minute. */
  runsInWindow: count,
  consecutiveFailures: count,
  openedAt: instant.nullable(),
  failingSince: instant.nullable(),
  cooldownMs: z.number().nonnegative().nullable(),
  /** When the next probe may go; in the past while there is no job to probe with. */
  probeAt: instant.nullable(),
  probeInMs: z.number().nonnegative().nullable(),
  /** Jobs that wait for it. */
  quarantined: count,
});
/** See {@link breakerSchema}. */
export type Breaker = z.infer<typeof breakerSchema>;

/** Breakers, those that gate first. Without `isLive`, Redis is away: what was written down last is shown. */
export const breakerListSchema = pageOf(breakerSchema).extend({ isLive: z.boolean() });
/** See {@link breakerListSchema}. */
export type BreakerList = z.infer<typeof breakerListSchema>;

/** Something that a breaker did, or that was done to it. */
export const breakerEventSchema = z.strictObject({
  id: z.string(),
  at: instant,
  from: z.string(),
  to: z.string(),
  cause: z.string(),
  failures: count,
  cooldownMs: z.number().nonnegative().nullable(),
  /** Who decided it, when a person did. */
  actor: named.nullable(),
});
/** See {@link breakerEventSchema}. */
export type BreakerEvent = z.infer<typeof breakerEventSchema>;

/** Body of `PUT /breakers/{key}/mode`. */
export const breakerModeBody = z.strictObject({ mode: z.enum(breakerModes) });

/** Jobs that are not final, by state. */
const depthSchema = z.strictObject({
  scheduled: count,
  pending: count,
  queued: count,
  running: count,
  retrying: count,
  quarantined: count,
});

const load = {
  depth: depthSchema,
  /** Since when the job waits that could have run first. */
  oldestPendingAt: instant.nullable(),
  /** What ended within the last minute: jobs that succeeded, attempts that failed. */
  lastMinute: z.strictObject({ succeeded: count, failed: count }),
};

/** A type of job with what waits of it. */
export const jobTypeLoadSchema = z.strictObject({
  type: z.string(),
  /** Whether this release has it. */
  isKnown: z.boolean(),
  /** What an operator decided, if anything. */
  priority: z.enum(jobPriorities).nullable(),
  defaultPriority: z.enum(jobPriorities).nullable(),
  pausedAt: instant.nullable(),
  /** Most at a time, all workers together. */
  concurrency: count.nullable(),
  ...load,
});
/** See {@link jobTypeLoadSchema}. */
export type JobTypeLoad = z.infer<typeof jobTypeLoadSchema>;

/** What waits and runs on the whole instance. */
export const queuesSchema = z.strictObject({
  at: instant,
  queues: z.array(z.strictObject({ priority: z.enum(jobPriorities), ...load })),
  types: z.array(jobTypeLoadSchema),
  /** Workers that have had a job within the last minute. */
  workers: z.array(z.strictObject({ name: z.string(), running: count, lastSeenAt: instant })),
});
/** See {@link queuesSchema}. */
export type Queues = z.infer<typeof queuesSchema>;

/** Body of `PATCH /job-types/{type}`. */
export const updateJobTypeBody = z.strictObject({
  isPaused: z.boolean().optional(),
  /** null: what the type says itself. */
  priority: z.enum(jobPriorities).nullable().optional(),
});

/** What an operator decided for a type. */
export const jobTypeSettingsSchema = z.strictObject({
  type: z.string(),
  pausedAt: instant.nullable(),
  priority: z.enum(jobPriorities).nullable(),
});
/** See {@link jobTypeSettingsSchema}. */
export type JobTypeSettings = z.infer<typeof jobTypeSettingsSchema>;

/** Something that happens again and again. */
export const scheduleSchema = z.strictObject({
  id,
  /** Stable name of one that the release brings along; null for one that people made. */
  key: z.string().nullable(),
  workspaceId: id.nullable(),
  type: z.string(),
  cron: z.string(),
  timeZone: z.string(),
  /** null when it never runs again. While it is paused, this is when it would have. */
  nextRunAt: instant.nullable(),
  lastRunAt: instant.nullable(),
  pausedAt: instant.nullable(),
  /** null when there was none, or it was deleted since. */
  lastJob: z
    .strictObject({
      id,
      state: z.enum(jobStates),
      reason: z.enum(quarantineReasons).nullable(),
      errorCode: z.string().nullable(),
    })
    .nullable(),
  version,
});
/** See {@link scheduleSchema}. */
export type Schedule = z.infer<typeof scheduleSchema>;

/** Body of `PATCH /schedules/{id}`. */
export const updateScheduleBody = z.strictObject({ isPaused: z.boolean() });

/** A run that was asked for. */
export const askedRunSchema = z.strictObject({
  jobId: id,
  /** False when an earlier asking has not ended yet: `jobId` is that one's. */
  accepted: z.boolean(),
});

/** What `GET /operations/events` sends, about once a second. */
export const operationsSnapshotSchema = z.strictObject({ queues: queuesSchema, breakers: breakerListSchema });
/** See {@link operationsSnapshotSchema}. */
export type OperationsSnapshot = z.infer<typeof operationsSnapshotSchema>;
