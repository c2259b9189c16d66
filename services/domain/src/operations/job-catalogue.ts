import type { TaskEffect } from '@taskflow/contract/operations';
import type { JobType } from '@taskflow/jobs';
import { notificationFanout } from '../activity/fanout.ts';
import { projectExport } from '../exports/job-types.ts';
import { projectImport } from '../imports/job-types.ts';
import { emailSend, passwordForgot } from '../mail/job-types.ts';
import {
  purgeBlobsJob,
  purgeIdempotencyKeysJob,
  purgeInvitationsJob,
  purgeJobsJob,
  purgeMailsJob,
  purgeNotificationsJob,
  purgeSessionsJob,
  purgeWebhookDeliveriesJob,
} from '../maintenance/job-types.ts';
import { reportGenerate } from '../reports/job-types.ts';
import { notificationDigest, reminderDue } from '../notifications/job-types.ts';
import { taskRecur } from '../recurrences/job-types.ts';
import { webhookDeliver } from '../webhooks/job-types.ts';

/** A type of job with what people see of it. */
interface CataloguedType {
  readonly type: JobType;
  /** What a task caused when it caused such a job; undefined for what nobody but operators knows of. */
  readonly effect?: TaskEffect['kind'];
  /** Follows from what people do without being asked for: a list of what they asked for leaves it out. @default false */
  readonly isInternal?: boolean;
}

/** Takes the payload from the type, so that types of every kind stand in one list. */
function entry<Payload>(type: JobType<Payload>, about: Omit<CataloguedType, 'type'> = {}): CataloguedType {
  const { scope } = type;
  const anyType: JobType = {
    ...type,
    scope: (payload) => scope?.(type.payload.parse(payload)) ?? '',
  };
  return { ...about, type: anyType };
}

/** Every type of job that this release has. */
const catalogue: readonly CataloguedType[] = [
  entry(emailSend, { effect: 'mail', isInternal: true }),
  entry(webhookDeliver, { effect: 'webhook', isInternal: true }),
  entry(notificationFanout, { isInternal: true }),
  entry(notificationDigest),
  entry(reminderDue),
  entry(taskRecur),
  entry(passwordForgot),
  entry(projectExport),
  entry(projectImport),
  entry(reportGenerate),
  entry(purgeSessionsJob),
  entry(purgeInvitationsJob),
  entry(purgeMailsJob),
  entry(purgeNotificationsJob),
  entry(purgeIdempotencyKeysJob),
  entry(purgeBlobsJob),
  entry(purgeJobsJob),
  entry(purgeWebhookDeliveriesJob),
];

/** See {@link catalogue}. */
export const jobTypes: readonly JobType[] = catalogue.map(({ type }) => type);

/** A type of this release by its name. */
export const findJobType = (name: string): JobType | undefined => jobTypes.find((type) => type.name === name);

/** Names of the types that nobody asks for. */
export const internalTypes: readonly string[] = catalogue
  .filter(({ isInternal }) => isInternal === true)
  .map(({ type }) => type.name);

/** What jobs of a type are to the task that caused them, by the type's name. */
export const effectByType: ReadonlyMap<string, TaskEffect['kind']> = new Map(
  catalogue.flatMap(({ type, effect }) => (effect === undefined ? [] : [[type.name, effect] as const])),
);
