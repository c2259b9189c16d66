import { DomainError } from '../core/errors.ts';
import { appointOperator, findByEmail, holdAccount, readUser, setPasswordHash } from './account-repository.ts';
import type { AccountServiceOptions, SignedIn } from './account-types.ts';
import type { RequestOrigin } from './session-service.ts';

/** See `AccountService`. */
export async function login(
  { units, sessions, passwords, loginGuard, operatorEmails, mails }: AccountServiceOptions,
  { email, password }: { readonly email: string; readonly password: string },
  origin: RequestOrigin,
): Promise<SignedIn> {
  const attempt = `${email} ${origin.ip}`;
  await loginGuard.check(attempt);
  const account = await findByEmail(units.database, email);
  const upgraded = await passwords.inTurn(async ({ hash, verify }) => {
    // again, because others with the same key may have failed while this one waited
    await loginGuard.check(attempt);
    const encoded = account?.password_hash ?? null;
    if (!(await verify(encoded, password)) || encoded === null) {
      await loginGuard.failed(attempt);
      throw new DomainError('wrong_credentials');
    }
    return passwords.isOutdated(encoded) ? hash(password) : undefined;
  });
  if (account === undefined) {
    throw new DomainError('wrong_credentials');
  }
  await loginGuard.succeeded(attempt);
  return units.run(async (unit) => {
    const held = await holdAccount(unit, account.id, account.password_hash);
    if (held === undefined) {
      throw new DomainError('wrong_credentials');
    }
    if (upgraded !== undefined) {
      await setPasswordHash(unit, account.id, upgraded);
    }
    const isTrusted = held.is_verified || !mails.sendsMail;
    if (!held.is_operator && isTrusted && operatorEmails.includes(email)) {
      await appointOperator(unit, account.id);
    }
    const sessionSecret = await sessions.begin(unit, account.id, origin);
    return { user: await readUser(unit, account.id), sessionSecret };
  });
}
