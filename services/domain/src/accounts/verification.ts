import type { CallerAccess } from '../access/access.ts';
import { DomainError, notFound } from '../core/errors.ts';
import { hashSecret } from '../core/secrets.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { emailVerificationMail } from '../mail/templates/email-verification.ts';
import { appointOperator, readOwner, setEmailVerified } from './account-repository.ts';
import type { AccountServiceOptions } from './account-types.ts';
import { insertLink, lockLinkHolder, spendLinks } from './link-repository.ts';

/** Long enough for somebody who registers on a Friday. */
const validDays = 3;

/** The link was followed already, or too late. */
export const linkSpent = () => new DomainError('link_spent');

/** What an address belongs to. */
export interface AddressOwner {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

/** Queues the mail whose link verifies an address. */
export async function sendVerification(
  unit: UnitOfWork,
  { mails, newId, newSecret, publicUrl }: AccountServiceOptions,
  { id, email, name }: AddressOwner,
): Promise<void> {
  const token = newSecret();
  await insertLink(unit, {
    id: newId(),
    userId: id,
    purpose: 'verify_email',
    email,
    tokenHash: hashSecret(token),
    ttlMinutes: validDays * 24 * 60,
  });
  const draft = emailVerificationMail({ name, validDays, link: `${publicUrl}/verify/${token}` });
  await mails.queue(unit, draft, { address: email, name, userId: id, requestedBy: id });
}

/** See `AccountService`. */
export async function verifyEmail(
  unit: UnitOfWork,
  { operatorEmails }: AccountServiceOptions,
  token: string,
): Promise<void> {
  const holder = await lockLinkHolder(unit, 'verify_email', hashSecret(token));
  if (holder === undefined) {
    throw notFound();
  }
  if (holder.isVerified) {
    return;
  }
  if (!holder.isGood) {
    throw linkSpent();
  }
  await spendLinks(unit, holder.userId, 'verify_email');
  await setEmailVerified(unit, holder.userId);
  if (operatorEmails.includes(holder.email)) {
    await appointOperator(unit, holder.userId);
  }
}

/** See `AccountService`. */
export async function resendVerification(
  unit: UnitOfWork,
  options: AccountServiceOptions,
  { caller }: CallerAccess,
): Promise<void> {
  const owner = await readOwner(unit, caller.userId);
  if (owner.isVerified) {
    return;
  }
  const { allowed, resetSeconds } = await options.mailAllowance.spend('verification', caller.userId);
  if (!allowed) {
    throw new DomainError('too_many_requests', 'Several mails are on their way already', {
      retryAfterSeconds: resetSeconds,
    });
  }
  await sendVerification(unit, options, owner);
}
