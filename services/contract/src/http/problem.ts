import { z } from 'zod';

/** Every problem that the API answers: its stable code, HTTP status and title (RFC 9457). */
export const problemCodes = {
  malformed_request: { status: 400, title: 'The request could not be read' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  wrong_credentials: {
    status: 401,
    title: 'E-mail address or password is wrong',
  },
  forbidden: { status: 403, title: 'You may not do this' },
  insufficient_scope: {
    status: 403,
    title: 'The token lacks the scope for this',
  },
  cross_site_request: {
    status: 403,
    title: 'Writes from other sites are refused',
  },
  registration_closed: {
    status: 403,
    title: 'This instance does not accept new accounts',
  },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'This method is not allowed here' },
  conflict: { status: 409, title: 'The request conflicts with what is there' },
  email_taken: { status: 409, title: 'This address already has an account' },
  key_taken: {
    status: 409,
    title: 'This key is already used in the workspace',
  },
  name_taken: { status: 409, title: 'This name is already used' },
  last_owner: { status: 409, title: 'A workspace needs at least one owner' },
  invitation_spent: {
    status: 410,
    title: 'This invitation was used, revoked or has expired',
  },
  link_spent: { status: 410, title: 'This link was used already or has expired' },
  stale_version: {
    status: 412,
    title: 'Somebody changed this since you read it',
  },
  too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'Send application/json' },
  invalid: { status: 422, title: 'Some fields are not valid' },
  idempotency_mismatch: {
    status: 422,
    title: 'This Idempotency-Key was used with another body',
  },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'A dependency is not available' },
} as const;

/** A stable, machine-readable name of a problem. */
export type ProblemCode = keyof typeof problemCodes;

/** One field that is not valid: where it is (`title`, `assigneeIds.0`, `query.limit`) and what is wrong with it. */
export const fieldErrorSchema = z.strictObject({
  path: z.string(),
  message: z.string(),
});
/** See {@link fieldErrorSchema}. */
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** An RFC 9457 problem document (`application/problem+json`); `type` is `/api/docs/problems/<code>`. */
export const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
  traceId: z.string(),
  requestId: z.string(),
  errors: z.array(fieldErrorSchema).optional(),
});
/** See {@link problemSchema}. */
export type Problem = z.infer<typeof problemSchema>;
