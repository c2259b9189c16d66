import {
  type EmailSendPayload,
  emailSendPayload,
  type PasswordForgotPayload,
  passwordForgotPayload,
} from '@taskflow/contract/jobs';
import { defineJobType, type JobType } from '@taskflow/jobs';

/**
 * Hands one mail to the mail server. Greylisting asks to come back after some minutes, hence more attempts than usual.
 * As many at a time as a pool of connections has, so that none waits inside of the pool, where it could not be stopped.
 */
export const emailSend: JobType<EmailSendPayload> = defineJobType({
  name: 'email.send',
  payload: emailSendPayload,
  priority: 'default',
  timeoutMs: 90_000,
  retry: { maxAttempts: 8, maxDelayMs: 300_000 },
  scope: ({ provider }) => provider,
  concurrency: 10,
});

/** The same for mails that somebody waits for in front of a screen. */
export const urgentEmailSend: JobType<EmailSendPayload> = { ...emailSend, priority: 'critical' };

/**
 * Looks up the account of a forgotten password and queues its mail. A job, so that whoever asks is answered before
 * anybody has looked: neither the answer nor its time tells whether there is an account.
 */
export const passwordForgot: JobType<PasswordForgotPayload> = defineJobType({
  name: 'password.forgot',
  payload: passwordForgotPayload,
  priority: 'critical',
  timeoutMs: 15_000,
});
