import { z } from 'zod';
import { id, instant, instantInput, line, tokenScopes } from '../http/index.ts';
import { newPassword, personName } from '../auth/index.ts';

/** Where the person is signed in. `lastUsedAt` is written at most once a minute. */
export const sessionSchema = z.strictObject({
  id,
  current: z.boolean(),
  userAgent: z.string(),
  ip: z.string(),
  createdAt: instant,
  lastUsedAt: instant,
  expiresAt: instant,
});
/** See {@link sessionSchema}. */
export type Session = z.infer<typeof sessionSchema>;

/** A personal API token; its value is shown once, when it is made. */
export const apiTokenSchema = z.strictObject({
  id,
  name: z.string(),
  scopes: z.array(z.enum(tokenScopes)),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  expiresAt: instant.nullable(),
});
/** See {@link apiTokenSchema}. */
export type ApiToken = z.infer<typeof apiTokenSchema>;

/** Answer of `POST /me/tokens`: the only time that `value` is shown. */
export const newApiTokenSchema = apiTokenSchema.extend({ value: z.string() });

/** Body of `PATCH /me`. */
export const updateMeBody = z.strictObject({ name: personName.optional() });

/** Body of `POST /me/password`; every other session ends. */
export const changePasswordBody = z.strictObject({
  currentPassword: z.string().min(1).max(200),
  newPassword,
});

/** Body of `POST /me/tokens`; a token without `expiresAt` lives until it is revoked. */
export const createTokenBody = z.strictObject({
  name: line(100),
  scopes: z.array(z.enum(tokenScopes)).min(1).max(tokenScopes.length),
  expiresAt: instantInput.nullable().optional(),
});
