import { createHash } from 'node:crypto';
import type { MailAllowance, MailReason } from '@taskflow/domain';
import type { RateLimiter } from '@taskflow/redis';

/** How many mails an hour somebody can cause. */
export const mailsPerHour: Readonly<Record<MailReason, number>> = { verification: 5, recovery: 3, invitation: 100 };

/**
 * Counts mails with rate limiters, so that all processes know of them.
 *
 * @param onLimited told the name of the limit that was hit
 */
export function createMailAllowance(
  limiters: Readonly<Record<MailReason, RateLimiter>>,
  onLimited: (limit: string) => void,
): MailAllowance {
  return {
    async spend(reason, key) {
      const verdict = await limiters[reason].consume(digest(key));
      if (!verdict.allowed) {
        onLimited(`mail-${reason}`);
      }
      return verdict;
    },
  };
}

/** Addresses of people have no business in Redis. */
const digest = (key: string) => createHash('sha256').update(key).digest('base64url');
