import type { Executor } from '@taskflow/db';
import type { Caller, CallerAccess, Credential } from '../access/access.ts';
import type { DocumentPage } from '../core/document.ts';
import { notFound } from '../core/errors.ts';
import { wholePage } from '../core/id-page.ts';
import { isId } from '../core/ids.ts';
import { hashSecret } from '../core/secrets.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import {
  insertSession,
  listSessions,
  revokeAll,
  revokeByHash,
  revokeOne,
  revokeOthers,
  touchSession,
} from './session-repository.ts';
import { touchToken } from './token-repository.ts';

/** Where a request comes from. */
export interface RequestOrigin {
  readonly ip: string;
  readonly userAgent: string;
  /** What the browser holds already; a session among it ends when a new one begins. */
  readonly credential: Credential | undefined;
}

/** Sessions of people. */
export interface SessionService {
  /**
   * Begins a session and ends the one that the browser had, so that a value planted there before is worth nothing.
   *
   * @returns the session's secret, for its cookie
   */
  begin(unit: Executor, userId: string, origin: RequestOrigin): Promise<string>;
  /** Ends the session of a request; without one it does nothing. */
  end(credential: Credential | undefined): Promise<void>;
  list(access: CallerAccess): Promise<DocumentPage>;
  /** Ends one of the caller's sessions. @throws DomainError `not_found` */
  revoke(unit: UnitOfWork, access: CallerAccess, id: string): Promise<void>;
  /** Ends every session of the caller but the one that calls. */
  revokeOthers(unit: UnitOfWork, access: CallerAccess): Promise<void>;
  /** Ends every session of a person. */
  revokeAll(unit: UnitOfWork, userId: string): Promise<void>;
  /**
   * Writes down that a session or token is in use, which keeps a session alive. Does not keep the request waiting;
   * what goes wrong is told to `onTouchFailed` alone.
   */
  touch(caller: Caller): void;
}

/** @param options callbacks must not throw; `onEnded` is told whose sessions ended */
export function createSessionService(options: {
  readonly executor: Executor;
  readonly newId: () => string;
  readonly newSecret: () => string;
  /** A session that is not used for so long ends. */
  readonly ttlDays: number;
  readonly onTouchFailed: (error: unknown) => void;
  readonly onEnded: (userId: string) => void;
}): SessionService {
  const { executor, newId, newSecret, ttlDays, onTouchFailed, onEnded } = options;
  const beingTouched = new Set<string>();

  async function touch({ credential, credentialId }: Caller): Promise<void> {
    if (beingTouched.has(credentialId)) {
      return;
    }
    beingTouched.add(credentialId);
    try {
      await (credential === 'session'
        ? touchSession(executor, credentialId, ttlDays)
        : touchToken(executor, credentialId));
    } catch (error) {
      onTouchFailed(error);
    } finally {
      beingTouched.delete(credentialId);
    }
  }

  return {
    async begin(unit, userId, { ip, userAgent, credential }) {
      if (credential?.kind === 'session') {
        await revokeByHash(unit, credential.hash);
      }
      const secret = newSecret();
      await insertSession(unit, { id: newId(), userId, tokenHash: hashSecret(secret), userAgent, ip, ttlDays });
      return secret;
    },
    async end(credential) {
      const userId = credential?.kind === 'session' ? await revokeByHash(executor, credential.hash) : undefined;
      if (userId !== undefined) {
        onEnded(userId);
      }
    },
    async list({ caller }) {
      return wholePage(await listSessions(executor, caller.userId, caller.credentialId));
    },
    async revoke(unit, { caller }, id) {
      if (!isId(id) || !(await revokeOne(unit, caller.userId, id))) {
        throw notFound();
      }
      unit.afterCommit(() => onEnded(caller.userId));
    },
    async revokeOthers(unit, { caller }) {
      await revokeOthers(unit, caller.userId, caller.credentialId);
      unit.afterCommit(() => onEnded(caller.userId));
    },
    async revokeAll(unit, userId) {
      await revokeAll(unit, userId);
      unit.afterCommit(() => onEnded(userId));
    },
    touch: (caller) => void touch(caller),
  };
}
