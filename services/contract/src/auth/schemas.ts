import { z } from 'zod';
import { emailAddress, id, instant, line, version } from '../http/index.ts';

/** A person's name as others see it. */
export const personName = line(100);

/** A password to be set: 8 to 200 characters (NIST SP 800-63B asks for length, not for character classes). */
export const newPassword = z
  .string()
  .min(8, 'needs at least 8 characters')
  .max(200)
  .refine((text) => text.isWellFormed(), 'must not contain unpaired surrogates');

/** The signed-in person. */
export const userSchema = z.strictObject({
  id,
  email: z.email(),
  name: z.string(),
  /** Whether the person has shown that mail to the address reaches them. */
  emailVerified: z.boolean(),
  isOperator: z.boolean(),
  version,
  createdAt: instant,
  updatedAt: instant,
});
/** See {@link userSchema}. */
export type User = z.infer<typeof userSchema>;

/** Body of `POST /auth/register`; an invitation's token lets a person in where registration is by invitation. */
export const registerBody = z.strictObject({
  email: emailAddress,
  password: newPassword,
  name: personName,
  invitation: z.string().min(1).max(200).optional(),
});

/** Body of `POST /auth/login`. */
export const loginBody = z.strictObject({
  email: emailAddress,
  password: z.string().min(1).max(200),
});

/** The value of a link in a mail. */
const linkToken = z.string().min(1).max(200);

/** Body of `POST /auth/email/verify`. */
export const verifyEmailBody = z.strictObject({ token: linkToken });

/** Body of `POST /auth/password/forgot`. */
export const forgotPasswordBody = z.strictObject({ email: emailAddress });

/** Body of `POST /auth/password/reset`. */
export const resetPasswordBody = z.strictObject({ token: linkToken, password: newPassword });
