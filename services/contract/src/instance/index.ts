import { z } from 'zod';
import { defineRoutes } from '../http/index.ts';

/** What anybody may know of an instance before signing in. */
export const instanceSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  registration: z.enum(['open', 'invite', 'closed']),
  /** Whether it sends mail; without, nobody can verify an address or reset a password by themselves. */
  sendsMail: z.boolean(),
});
/** See {@link instanceSchema}. */
export type Instance = z.infer<typeof instanceSchema>;

/** Routes about the instance itself. */
export const instanceRoutes = defineRoutes({
  'GET /instance': {
    summary: 'What anybody may know of this instance',
    tag: 'Instance',
    auth: 'public',
    success: { status: 200, body: instanceSchema },
  },
  'GET /openapi.json': {
    summary: 'This document',
    tag: 'Instance',
    auth: 'public',
    success: { status: 200, body: z.record(z.string(), z.unknown()) },
  },
});
