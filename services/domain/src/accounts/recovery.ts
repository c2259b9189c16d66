import { notFound } from '../core/errors.ts';
import { hashSecret } from '../core/secrets.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { passwordForgot } from '../mail/job-types.ts';
import type { MailQueue } from '../mail/mail-queue.ts';
import { passwordChangedMail } from '../mail/templates/password-changed.ts';
import { passwordResetMail } from '../mail/templates/password-reset.ts';
import { appointOperator, findOwnerByEmail, setEmailVerified, setPasswordHash } from './account-repository.ts';
import type { AccountServiceOptions } from './account-types.ts';
import { findLinkHolder, insertLink, type LinkHolder, lockLinkHolder, spendLinks } from './link-repository.ts';
import { revokeTokens } from './token-repository.ts';
import { linkSpent } from './verification.ts';

/** How long the link of a forgotten password works. */
const validMinutes = 30;

/**
 * See `AccountService`. Nothing here looks for the account: that is the job's part, so that no caller can tell from the
 * answer or its time whether there is one.
 */
export async function forgotPassword(
  { units, mailAllowance, now }: Pick<AccountServiceOptions, 'units' | 'mailAllowance' | 'now'>,
  { email }: { readonly email: string },
): Promise<void> {
  const { allowed } = await mailAllowance.spend('recovery', email);
  if (allowed) {
    await units.run(async (unit) => {
      unit.enqueue(passwordForgot, { email }, { expiresAt: new Date(now() + validMinutes * 60_000) });
    });
  }
}

/** The part of a forgotten password that nobody waits for. */
export interface PasswordRecovery {
  /** Queues the mail with the link; without an account nothing happens. */
  send(unit: UnitOfWork, email: string): Promise<void>;
}

/** @param options.publicUrl where people reach the instance: the origin of the link */
export function createPasswordRecovery(options: {
  readonly mails: MailQueue;
  readonly newId: () => string;
  readonly newSecret: () => string;
  readonly publicUrl: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}): PasswordRecovery {
  const { mails, newId, newSecret, publicUrl, now } = options;
  return {
    async send(unit, email) {
      const owner = await findOwnerByEmail(unit, email);
      if (owner === undefined) {
        return;
      }
      const token = newSecret();
      await insertLink(unit, {
        id: newId(),
        userId: owner.id,
        purpose: 'reset_password',
        email,
        tokenHash: hashSecret(token),
        ttlMinutes: validMinutes,
      });
      const draft = passwordResetMail({ name: owner.name, validMinutes, link: `${publicUrl}/reset/${token}` });
      const expiresAt = new Date(now() + validMinutes * 60_000);
      await mails.queue(unit, draft, { address: email, name: owner.name, userId: owner.id, expiresAt });
    },
  };
}

/** See `AccountService`. */
export async function resetPassword(
  options: AccountServiceOptions,
  { token, password }: { readonly token: string; readonly password: string },
): Promise<void> {
  const { units, passwords } = options;
  const tokenHash = hashSecret(token);
  // before the costly part: nobody keeps a core busy with links that were made up
  assertGood(await findLinkHolder(units.database, 'reset_password', tokenHash));
  const passwordHash = await passwords.inTurn(({ hash }) => hash(password));
  await units.run(async (unit) => {
    const holder = assertGood(await lockLinkHolder(unit, 'reset_password', tokenHash));
    await setNewPassword(unit, options, holder, passwordHash);
  });
}

async function setNewPassword(
  unit: UnitOfWork,
  { sessions, mails, operatorEmails, publicUrl }: AccountServiceOptions,
  { userId, email, name, isVerified }: LinkHolder,
  passwordHash: string,
): Promise<void> {
  await setPasswordHash(unit, userId, passwordHash);
  await spendLinks(unit, userId, 'reset_password');
  await sessions.revokeAll(unit, userId);
  if (!isVerified) {
    // whoever followed the link reads mail to the address; whoever made the account, and its tokens, may not
    await revokeTokens(unit, userId);
    await setEmailVerified(unit, userId);
    if (operatorEmails.includes(email)) {
      await appointOperator(unit, userId);
    }
  }
  const draft = passwordChangedMail({ name, forgotLink: `${publicUrl}/forgot` });
  await mails.queue(unit, draft, { address: email, name, userId });
}

/** @throws DomainError `not_found`, `link_spent` */
function assertGood(holder: LinkHolder | undefined): LinkHolder {
  if (holder === undefined) {
    throw notFound();
  }
  if (!holder.isGood) {
    throw linkSpent();
  }
  return holder;
}
