import type { CallerAccess } from '../access/access.ts';
import type { Document } from '../core/document.ts';
import type { UnitOfWork, UnitOfWorkRunner } from '../core/unit-of-work.ts';
import type { MailAllowance } from '../mail/allowance.ts';
import type { MailQueue } from '../mail/mail-queue.ts';
import type { LoginGuard } from './login-guard.ts';
import type { Passwords } from './passwords.ts';
import type { RequestOrigin, SessionService } from './session-service.ts';

/** What somebody registers with. */
export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  /** The token of an invitation's link. */
  readonly invitation?: string | undefined;
}

/** Somebody who has just signed in. */
export interface SignedIn {
  readonly user: Document;
  /** The session's value, for its cookie. */
  readonly sessionSecret: string;
}

/** What accounts need of invitations. */
export interface InvitationGate {
  /** @throws DomainError `invitation_spent` for a token that no waiting invitation has */
  assertWaiting(token: string): Promise<void>;
  /** Spends the invitation on this person. @throws DomainError `invitation_spent` */
  admit(unit: UnitOfWork, person: { readonly userId: string; readonly name: string }, token: string): Promise<void>;
}

/** Accounts: registering, signing in, and what a person changes of their own. */
export interface AccountService {
  /**
   * Creates an account and signs in. With an invitation the person joins its workspace at once, so that one link
   * never makes two accounts.
   *
   * @throws DomainError `registration_closed`, `invitation_spent`, `email_taken`, `too_many_requests`
   */
  register(input: Registration, origin: RequestOrigin): Promise<SignedIn>;
  /**
   * Signs in. An unknown address takes as long and is answered the same as a wrong password.
   *
   * @throws DomainError `wrong_credentials`, `too_many_requests`
   */
  login(input: { readonly email: string; readonly password: string }, origin: RequestOrigin): Promise<SignedIn>;
  me(access: CallerAccess): Promise<Document>;
  /** @throws DomainError `stale_version` */
  updateMe(
    unit: UnitOfWork,
    access: CallerAccess,
    input: { readonly name?: string | undefined },
    expectedVersion: number | undefined,
  ): Promise<Document>;
  /**
   * Sets another password and ends every session but the caller's.
   *
   * @throws DomainError `invalid` when the current password is wrong, `too_many_requests`
   */
  changePassword(
    access: CallerAccess,
    input: { readonly currentPassword: string; readonly newPassword: string },
  ): Promise<void>;
  /**
   * Shows by the value of a link that mail to the address arrives. Following the link again is harmless.
   *
   * @throws DomainError `not_found`, `link_spent` when it has expired
   */
  verifyEmail(unit: UnitOfWork, token: string): Promise<void>;
  /** Sends that link again, unless the address is verified. @throws DomainError `too_many_requests` */
  resendVerification(unit: UnitOfWork, access: CallerAccess): Promise<void>;
  /**
   * Sends a link that sets a new password. It does the same, and takes as long, whether or not the address has an
   * account; when somebody asks for one address too often, it silently does nothing.
   */
  forgotPassword(input: { readonly email: string }): Promise<void>;
  /**
   * Sets a new password by the value of a link, which works once and for 30 minutes, and ends every session. API
   * tokens go on: they are listed to the person, who revokes those that they do not know. Those of an account whose
   * address was not verified yet end too: whoever made them may never have read mail to it.
   *
   * @throws DomainError `not_found`, `link_spent`, `too_many_requests`
   */
  resetPassword(input: { readonly token: string; readonly password: string }): Promise<void>;
}

/** What an account service needs. */
export interface AccountServiceOptions {
  readonly units: UnitOfWorkRunner;
  readonly sessions: SessionService;
  readonly invitations: InvitationGate;
  readonly passwords: Passwords;
  readonly loginGuard: LoginGuard;
  readonly mails: MailQueue;
  readonly mailAllowance: MailAllowance;
  readonly newId: () => string;
  readonly newSecret: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where people reach the instance: the origin of links in mails. */
  readonly publicUrl: string;
  readonly registration: 'open' | 'invite' | 'closed';
  /**
   * In lower case. They operate the instance, beside whoever registered first - once they have shown that the address is
   * theirs, or at once where there is no mail server by which they could.
   */
  readonly operatorEmails: readonly string[];
}
