import { activitySchema, liveEndSchema, liveEventSchema, livePositionSchema } from '@taskflow/contract/activity';
import { userSchema } from '@taskflow/contract/auth';
import { commentSchema } from '@taskflow/contract/comments';
import { fieldErrorSchema, problemSchema } from '@taskflow/contract/http';
import { instanceSchema } from '@taskflow/contract/instance';
import { mailSchema, mailSummarySchema } from '@taskflow/contract/mail';
import { apiTokenSchema, sessionSchema } from '@taskflow/contract/me';
import {
  breakerEventSchema,
  breakerSchema,
  jobSchema,
  jobSummarySchema,
  jobTypeSettingsSchema,
  jobWhySchema,
  operationsSnapshotSchema,
  ownJobSchema,
  quarantineGroupSchema,
  queuesSchema,
  scheduleSchema,
  taskEffectSchema,
} from '@taskflow/contract/operations';
import { projectMemberSchema, projectSchema, statusSchema } from '@taskflow/contract/projects';
import { searchHitSchema } from '@taskflow/contract/search';
import { taskLinkSchema, taskSchema } from '@taskflow/contract/tasks';
import {
  invitationPreviewSchema,
  invitationSchema,
  labelSchema,
  memberSchema,
  workspaceSchema,
} from '@taskflow/contract/workspaces';
import type { ZodOpenApiComponentsObject } from 'zod-openapi';

/** The resources by the names that generated clients give to their types. */
export const schemas = {
  Activity: activitySchema,
  ApiToken: apiTokenSchema,
  Breaker: breakerSchema,
  BreakerEvent: breakerEventSchema,
  Comment: commentSchema,
  FieldError: fieldErrorSchema,
  Instance: instanceSchema,
  Invitation: invitationSchema,
  InvitationPreview: invitationPreviewSchema,
  Job: jobSchema,
  JobSummary: jobSummarySchema,
  JobTypeSettings: jobTypeSettingsSchema,
  JobWhy: jobWhySchema,
  Label: labelSchema,
  LiveEnd: liveEndSchema,
  LiveEvent: liveEventSchema,
  LivePosition: livePositionSchema,
  Mail: mailSchema,
  MailSummary: mailSummarySchema,
  Member: memberSchema,
  OperationsSnapshot: operationsSnapshotSchema,
  OwnJob: ownJobSchema,
  Problem: problemSchema,
  Project: projectSchema,
  ProjectMember: projectMemberSchema,
  QuarantineGroup: quarantineGroupSchema,
  Queues: queuesSchema,
  Schedule: scheduleSchema,
  SearchHit: searchHitSchema,
  Session: sessionSchema,
  Status: statusSchema,
  Task: taskSchema,
  TaskEffect: taskEffectSchema,
  TaskLink: taskLinkSchema,
  User: userSchema,
  Workspace: workspaceSchema,
} satisfies ZodOpenApiComponentsObject['schemas'];

const text = { type: 'string' } as const;

/** Headers of answers. */
export const headers = {
  ETag: {
    description: 'The version of the resource, for If-Match and If-None-Match.',
    schema: text,
    example: '"7"',
  },
  Location: { description: 'Where the new resource is.', schema: { type: 'string', format: 'uri-reference' } },
  'Retry-After': { description: 'Seconds to wait before trying again.', schema: { type: 'integer', minimum: 0 } },
  'Set-Cookie': { description: 'Keeps the session, or makes the browser forget it.', schema: text },
  'X-Request-Id': { description: 'Names the request in logs; yours when you sent one.', schema: text },
} as const satisfies ZodOpenApiComponentsObject['headers'];

/** Headers of requests. */
export const parameters = {
  IdempotencyKey: {
    in: 'header',
    name: 'Idempotency-Key',
    description:
      'Makes the request safe to repeat for 24 hours: the same body gets the same answer and changes nothing twice.',
    schema: { type: 'string', minLength: 1, maxLength: 200 },
  },
  IfMatch: {
    in: 'header',
    name: 'If-Match',
    description: 'The ETag of the version that you change; answered with 412 when somebody was faster.',
    schema: text,
  },
  IfNoneMatch: {
    in: 'header',
    name: 'If-None-Match',
    description: 'The ETag that you have; answered with 304 when it is still the current one.',
    schema: text,
  },
  LastEventId: {
    in: 'header',
    name: 'Last-Event-ID',
    description: 'The last event that you have; wins over `lastEventId`.',
    schema: { type: 'string', pattern: '^\\d{1,15}$' },
  },
} as const satisfies ZodOpenApiComponentsObject['parameters'];

/** How a caller proves who they are. @param cookieName the session cookie of this instance */
export const securitySchemes = (cookieName: string) =>
  ({
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: cookieName,
      description: 'The session of a browser that signed in. May do whatever the person may.',
    },
    token: {
      type: 'http',
      scheme: 'bearer',
      description: 'A personal API token (`tf_...`). May do what its scopes allow: `read`, `write`, `admin`.',
    },
  }) as const satisfies ZodOpenApiComponentsObject['securitySchemes'];
