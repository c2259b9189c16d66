import { type Executor, maybeOne, sql } from '@taskflow/db';

/** What a link in a mail is good for. */
export type LinkPurpose = 'verify_email' | 'reset_password';

/** A link to be. */
export interface NewLink {
  readonly id: string;
  readonly userId: string;
  readonly purpose: LinkPurpose;
  readonly email: string;
  readonly tokenHash: Buffer;
  readonly ttlMinutes: number;
}

/** Makes a link. */
export async function insertLink(tx: Executor, link: NewLink): Promise<void> {
  await tx.query(sql`
    insert into account_links (id, user_id, purpose, email, token_hash, expires_at)
    values (${link.id}, ${link.userId}, ${link.purpose}, ${link.email}, ${link.tokenHash},
      now() + make_interval(mins => ${link.ttlMinutes}::int))`);
}

/** The account that a link belongs to. */
export type LinkHolder = {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly isVerified: boolean;
  /** The link has not been used, has not expired, and the account still has the address that it was sent to. */
  readonly isGood: boolean;
};

const holderColumns = sql`
  u.id as "userId", u.email, u.name, u.email_verified_at is not null as "isVerified",
  l.used_at is null and l.expires_at > now() and l.email = u.email as "isGood"`;

const ofLink = (purpose: LinkPurpose, tokenHash: Buffer) => sql`
  from account_links l join users u on u.id = l.user_id and u.anonymised_at is null
  where l.token_hash = ${tokenHash} and l.purpose = ${purpose}`;

/** Whose link this is, if there is such a link. */
export const findLinkHolder = (
  executor: Executor,
  purpose: LinkPurpose,
  tokenHash: Buffer,
): Promise<LinkHolder | undefined> => maybeOne(executor, sql`select ${holderColumns} ${ofLink(purpose, tokenHash)}`);

/** The same, held still until the end of the transaction: of two who follow a link at once the second finds it used. */
export const lockLinkHolder = (
  tx: Executor,
  purpose: LinkPurpose,
  tokenHash: Buffer,
): Promise<LinkHolder | undefined> =>
  maybeOne(tx, sql`select ${holderColumns} ${ofLink(purpose, tokenHash)} for no key update`);

/** Makes every link of an account for one purpose worthless: the one that was followed and all before it. */
export async function spendLinks(tx: Executor, userId: string, purpose: LinkPurpose): Promise<void> {
  await tx.query(sql`
    update account_links set used_at = now() where user_id = ${userId} and purpose = ${purpose} and used_at is null`);
}
