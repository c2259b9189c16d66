import { DomainError } from '../core/errors.ts';
import { insertAccount, invitationNeeded, isEmailTaken, isEmptyInstance } from './account-repository.ts';
import type { AccountServiceOptions, Registration, SignedIn } from './account-types.ts';
import type { RequestOrigin } from './session-service.ts';
import { sendVerification } from './verification.ts';

/** See `AccountService`. */
export async function register(
  options: AccountServiceOptions,
  { email, password, name, invitation }: Registration,
  origin: RequestOrigin,
): Promise<SignedIn> {
  const { units, sessions, invitations, passwords, mails } = options;
  const mustBeFirst = await assertMayRegister(options, invitation);
  if (await isEmailTaken(units.database, email)) {
    throw new DomainError('email_taken');
  }
  const passwordHash = await passwords.inTurn(({ hash }) => hash(password));
  const id = options.newId();
  return units.run(async (unit) => {
    // where there is mail, the address has to be verified first
    const isListedOperator = !mails.sendsMail && options.operatorEmails.includes(email);
    const user = await insertAccount(unit, { id, email, name, passwordHash, isListedOperator, mustBeFirst });
    if (invitation !== undefined) {
      await invitations.admit(unit, { userId: id, name }, invitation);
    }
    await sendVerification(unit, options, { id, email, name });
    return { user, sessionSecret: await sessions.begin(unit, id, origin) };
  });
}

/**
 * Where registration is by invitation, the very first person has nobody who could invite them.
 *
 * @returns whether the account is welcome only as the first one
 */
async function assertMayRegister(
  { units, invitations, registration }: AccountServiceOptions,
  invitation: string | undefined,
): Promise<boolean> {
  if (registration === 'closed') {
    throw new DomainError('registration_closed');
  }
  if (invitation !== undefined) {
    await invitations.assertWaiting(invitation);
    return false;
  }
  const mustBeFirst = registration === 'invite';
  if (mustBeFirst && !(await isEmptyInstance(units.database))) {
    throw invitationNeeded();
  }
  return mustBeFirst;
}
