import { z } from 'zod';
import { id, instant } from '../http/index.ts';
import { jobPriorities, jobStates, quarantineReasons } from '../jobs/index.ts';

const named = z.strictObject({ id, name: z.string() });

/** A job as operators see it in lists. */
export const jobSummarySchema = z.strictObject({
  id,
  /** As in `webhook.deliver`. */
  type: z.string(),
  priority: z.enum(jobPriorities),
  state: z.enum(jobStates),
  /** Why it is quarantined; null in any other state. */
  reason: z.enum(quarantineReasons).nullable(),
  /** What circuit breakers tell apart: an endpoint, a provider, a workspace. Empty where there is one for all. */
  scope: z.string(),
  /** The tenant that it works for; null for the instance itself. */
  workspace: named.nullable(),
  /** Counts for ever. */
  attempt: z.number().int().nonnegative(),
  /** Counts since the last release. */
  tries: z.number().int().nonnegative(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  /** The same for errors that are alike. */
  fingerprint: z.string().nullable(),
  breakerKey: z.string().nullable(),
  /** In [0, 1]. */
  progress: z.number().nullable(),
  createdAt: instant,
  /** Not before. */
  runAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  cancelRequestedAt: instant.nullable(),
});
/** See {@link jobSummarySchema}. */
export type JobSummary = z.infer<typeof jobSummarySchema>;

/** How an attempt ended. */
export const attemptOutcomes = ['succeeded', 'failed', 'lost', 'canceled', 'returned'] as const;

/** One attempt of a job; `outcome` and `finishedAt` are null while it runs. */
export const jobAttemptSchema = z.strictObject({
  attempt: z.number().int().positive(),
  outcome: z.enum(attemptOutcomes).nullable(),
  worker: z.string().nullable(),
  startedAt: instant,
  finishedAt: instant.nullable(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
});
/** See {@link jobAttemptSchema}. */
export type JobAttempt = z.infer<typeof jobAttemptSchema>;

/** A job with everything that is known of it. */
export const jobSchema = jobSummarySchema.extend({
  /** Secrets, tokens and contents of mails are blanked. */
  payload: z.unknown(),
  result: z.unknown(),
  /** Oldest first. */
  attempts: z.array(jobAttemptSchema),
  worker: z.string().nullable(),
  /** It was sent through the gate of its breaker to see whether the other side is back. */
  isProbe: z.boolean(),
  expiresAt: instant.nullable(),
  queuedAt: instant.nullable(),
  leaseExpiresAt: instant.nullable(),
  discardReason: z.string().nullable(),
  uniqueKey: z.string().nullable(),
  requestedBy: named.nullable(),
  taskId: id.nullable(),
  requestId: z.string().nullable(),
  /** Of the request that caused it, as in W3C Trace Context. */
  traceId: z.string().nullable(),
});
/** See {@link jobSchema}. */
export type Job = z.infer<typeof jobSchema>;

/** Why a job is where it is. */
export const jobWhySchema = z.strictObject({
  jobId: id,
  state: z.enum(jobStates),
  cause: z.enum([
    'scheduled',
    'type_paused',
    'type_at_limit',
    'behind_others',
    'next_in_line',
    'with_transport',
    'running',
    'canceling',
    'waits_for_retry',
    ...quarantineReasons,
    'succeeded',
    'canceled',
    'expired',
    'discarded',
  ]),
  /** For people: "Waits for breaker webhook.deliver@...:HTTP_503, probe in 42 s." */
  sentence: z.string(),
  /** When something is going to happen by itself, if that is known. */
  nextAt: instant.nullable(),
  breakerKey: z.string().nullable(),
  errorCode: z.string().nullable(),
});
/** See {@link jobWhySchema}. */
export type JobWhy = z.infer<typeof jobWhySchema>;

const name = z.string().min(1).max(500);

/** Query of `GET /jobs`. */
export const jobListFilter = {
  state: z.enum(jobStates).optional(),
  type: name.optional(),
  workspace: id.optional(),
  reason: z.enum(quarantineReasons).optional(),
  /** An error code, as in `HTTP_503`. */
  error: name.optional(),
  fingerprint: name.optional(),
  /** The key of a breaker. */
  breaker: name.optional(),
};

const bulkFilter = z
  .strictObject({
    ids: z.array(id).min(1).max(500).optional(),
    state: z.enum(jobStates).optional(),
    type: name.optional(),
    workspaceId: id.optional(),
    reason: z.enum(quarantineReasons).optional(),
    /** null: those without one. */
    errorCode: name.nullable().optional(),
    /** null: those without one. */
    fingerprint: name.nullable().optional(),
    breakerKey: name.optional(),
  })
  .refine((filter) => Object.keys(filter).length > 0, 'must name at least one condition');

/** What operators do with jobs. */
export const jobActions = ['release', 'retry', 'discard', 'cancel'] as const;
/** See {@link jobActions}. */
export type JobAction = (typeof jobActions)[number];

/** Body of `POST /jobs/bulk`. */
export const bulkJobsBody = z.strictObject({ filter: bulkFilter, action: z.enum(jobActions) });

/** What came of a bulk action; when there are more, send it again. */
export const bulkJobsResultSchema = z.strictObject({ changed: z.number().int().nonnegative(), hasMore: z.boolean() });

/** Quarantined jobs that are alike. */
export const quarantineGroupSchema = z.strictObject({
  type: z.string(),
  reason: z.enum(quarantineReasons),
  errorCode: z.string().nullable(),
  /** null for those that wait for a breaker: what they would answer, nobody knows. */
  fingerprint: z.string().nullable(),
  breakerKey: z.string().nullable(),
  count: z.number().int().positive(),
  /** When the first and the last of them were accepted. */
  oldestAt: instant,
  newestAt: instant,
  /** The oldest of them. */
  jobId: id,
  /** What it failed with. */
  errorMessage: z.string().nullable(),
});
/** See {@link quarantineGroupSchema}. */
export type QuarantineGroup = z.infer<typeof quarantineGroupSchema>;

/** A job as the person sees it who asked for it. */
export const ownJobSchema = jobSummarySchema.pick({
  id: true,
  type: true,
  state: true,
  reason: true,
  workspace: true,
  errorCode: true,
  progress: true,
  createdAt: true,
  runAt: true,
  startedAt: true,
  finishedAt: true,
});
/** See {@link ownJobSchema}. */
export type OwnJob = z.infer<typeof ownJobSchema>;

/** What a change of a task can lead to. */
export const effectKinds = ['mail', 'webhook'] as const;

/** Something that happened because of a task. */
export const taskEffectSchema = z.strictObject({
  /** Of the job. */
  id,
  kind: z.enum(effectKinds),
  /** The kind of mail, or the event that an endpoint was told. */
  about: z.string().nullable(),
  state: z.enum(jobStates),
  createdAt: instant,
  finishedAt: instant.nullable(),
});
/** See {@link taskEffectSchema}. */
export type TaskEffect = z.infer<typeof taskEffectSchema>;
