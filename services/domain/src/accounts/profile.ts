import type { CallerAccess } from '../access/access.ts';
import type { Document } from '../core/document.ts';
import { assertVersion, invalid } from '../core/errors.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { findById, holdAccount, lockProfile, readUser, rename, setPasswordHash } from './account-repository.ts';
import type { AccountServiceOptions } from './account-types.ts';
import { spendLinks } from './link-repository.ts';

/** See `AccountService`. */
export async function updateMe(
  unit: UnitOfWork,
  { caller }: CallerAccess,
  { name }: { readonly name?: string | undefined },
  expectedVersion: number | undefined,
): Promise<Document> {
  const before = await lockProfile(unit, caller.userId);
  assertVersion(before.version, expectedVersion);
  if (name !== undefined && name !== before.name) {
    for (const workspaceId of await rename(unit, caller.userId, name)) {
      unit.record({
        workspaceId,
        type: 'member.updated',
        actorId: caller.userId,
        subjectId: caller.userId,
        subject: name,
        changes: { name: { from: before.name, to: name } },
      });
    }
  }
  return readUser(unit, caller.userId);
}

/** See `AccountService`. */
export async function changePassword(
  { units, sessions, passwords, loginGuard }: AccountServiceOptions,
  access: CallerAccess,
  { currentPassword, newPassword }: { readonly currentPassword: string; readonly newPassword: string },
): Promise<void> {
  const { userId } = access.caller;
  const attempt = `password ${userId}`;
  await loginGuard.check(attempt);
  const account = await findById(units.database, userId);
  const passwordHash = await passwords.inTurn(async ({ hash, verify }) => {
    await loginGuard.check(attempt);
    if (!(await verify(account?.password_hash, currentPassword))) {
      await loginGuard.failed(attempt);
      throw wrongCurrentPassword();
    }
    return hash(newPassword);
  });
  await loginGuard.succeeded(attempt);
  await units.run(async (unit) => {
    if ((await holdAccount(unit, userId, account?.password_hash ?? null)) === undefined) {
      throw wrongCurrentPassword();
    }
    await setPasswordHash(unit, userId, passwordHash);
    await spendLinks(unit, userId, 'reset_password');
    await sessions.revokeOthers(unit, access);
  });
}

const wrongCurrentPassword = () => invalid('currentPassword', 'is wrong');
