import { type Executor, isUniqueViolation, maybeOne, one, sql } from '@taskflow/db';
import type { Document } from '../core/document.ts';
import { DomainError } from '../core/errors.ts';
import { userDocument } from './json.ts';

/** What signing in needs to know of an account. */
export type AccountCredentials = { readonly id: string; readonly password_hash: string | null };

/** An account to be. */
export interface NewAccount {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly isListedOperator: boolean;
  /** Create it only where nobody has an account yet. */
  readonly mustBeFirst: boolean;
}

/** Registration is by invitation, and there was none. */
export const invitationNeeded = () =>
  new DomainError('registration_closed', 'An invitation is needed to register here');

/** Whether an account has the address. */
export async function isEmailTaken(executor: Executor, email: string): Promise<boolean> {
  return (await maybeOne(executor, sql`select 1 from users where email = ${email}`)) !== undefined;
}

/** Whether nobody has ever registered. */
export async function isEmptyInstance(executor: Executor): Promise<boolean> {
  const { empty } = await one<{ empty: boolean }>(executor, sql`select not exists (select from users) as empty`);
  return empty;
}

/** The account with this address, if any. */
export const findByEmail = (executor: Executor, email: string): Promise<AccountCredentials | undefined> =>
  maybeOne(executor, sql`select id, password_hash from users where email = ${email}`, { name: 'account-by-email' });

/** The account with this id, as long as it is somebody's. */
export const findById = (executor: Executor, id: string): Promise<AccountCredentials | undefined> =>
  maybeOne(executor, sql`select id, password_hash from users where id = ${id} and anonymised_at is null`);

/** A person as they see themselves. */
export const readUser = (executor: Executor, id: string): Promise<Document> =>
  one(executor, sql`select ${userDocument} from users u where u.id = ${id}`, { name: 'user-read' });

/**
 * Creates an account. The very first one operates the instance, also when several register at the same time: they
 * pass here one after another, each seeing what the one before committed.
 *
 * @throws DomainError `email_taken`, `registration_closed` when it is not the first but must be
 */
export async function insertAccount(tx: Executor, account: NewAccount): Promise<Document> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtextextended('taskflow.register', 0))`);
  const { id, email, name, passwordHash, isListedOperator, mustBeFirst } = account;
  const created = await maybeOne<Document>(
    tx,
    sql`
      insert into users as u (id, email, name, password_hash, is_operator)
      select ${id}, ${email}, ${name}, ${passwordHash}, ${isListedOperator} or f.is_first
      from (select not exists (select from users) as is_first) f
      where f.is_first or not ${mustBeFirst}
      returning ${userDocument}`,
  ).catch((error: unknown) => {
    throw isUniqueViolation(error, 'users_email_key')
      ? new DomainError('email_taken', undefined, { cause: error })
      : error;
  });
  if (created === undefined) {
    throw invitationNeeded();
  }
  return created;
}

/**
 * Holds an account still until the end of the transaction, provided that it still has the password that was checked.
 * Whoever changes the password at the same time waits, and then ends the session that is begun here.
 */
export const holdAccount = (
  tx: Executor,
  id: string,
  checkedHash: string | null,
): Promise<{ readonly is_operator: boolean; readonly is_verified: boolean } | undefined> =>
  maybeOne(
    tx,
    sql`
      select is_operator, email_verified_at is not null as is_verified from users
      where id = ${id} and password_hash is not distinct from ${checkedHash}
      for no key update`,
  );

/** Makes an account an operator of the instance, if it is none. */
export async function appointOperator(tx: Executor, id: string): Promise<void> {
  await tx.query(sql`
    update users set is_operator = true, version = version + 1, updated_at = now()
    where id = ${id} and not is_operator`);
}

/** Whose address it is, and whether they have shown so. */
export type AddressHolder = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly isVerified: boolean;
};

const holderColumns = sql`id, email, name, email_verified_at is not null as "isVerified"`;

/** The person with this id, locked until the end of the transaction. */
export const readOwner = (tx: Executor, id: string): Promise<AddressHolder> =>
  one(tx, sql`select ${holderColumns} from users where id = ${id} and email is not null for no key update`);

/** The person with this address, if any. */
export const findOwnerByEmail = (executor: Executor, email: string): Promise<AddressHolder | undefined> =>
  maybeOne(executor, sql`select ${holderColumns} from users where email = ${email}`);

/** Writes down that mail to the address arrives. */
export async function setEmailVerified(tx: Executor, id: string): Promise<void> {
  await tx.query(sql`
    update users set email_verified_at = now(), version = version + 1, updated_at = now() where id = ${id}`);
}

/** Replaces a password's hash; not a change that anybody sees. */
export async function setPasswordHash(tx: Executor, id: string, passwordHash: string): Promise<void> {
  await tx.query(sql`update users set password_hash = ${passwordHash} where id = ${id}`);
}

/** Name and version of a person, locked until the end of the transaction. */
export const lockProfile = (tx: Executor, id: string): Promise<{ readonly name: string; readonly version: number }> =>
  one(tx, sql`select name, version from users where id = ${id} for no key update`);

/**
 * Renames a person. Their name stands in what each workspace answers of its members, so those versions grow too.
 *
 * @returns the workspaces that show the name
 */
export async function rename(tx: Executor, id: string, name: string): Promise<readonly string[]> {
  await tx.query(sql`
    update users set name = ${name}, version = version + 1, updated_at = now() where id = ${id}`);
  const rows = await tx.query<{ workspace_id: string }>(sql`
    update memberships m set version = m.version + 1
    from workspaces w
    where m.user_id = ${id} and w.id = m.workspace_id and w.deleted_at is null
    returning m.workspace_id`);
  return rows.map((row) => row.workspace_id);
}
