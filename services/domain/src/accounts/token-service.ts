import { type TokenScope, tokenScopes } from '@taskflow/contract/http';
import type { Executor } from '@taskflow/db';
import type { CallerAccess } from '../access/access.ts';
import type { DocumentPage } from '../core/document.ts';
import { DomainError, invalid, notFound } from '../core/errors.ts';
import { wholePage } from '../core/id-page.ts';
import { isId } from '../core/ids.ts';
import { hashSecret } from '../core/secrets.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { insertToken, listTokens, revokeToken, tokenExpiry } from './token-repository.ts';

/** What a new token is to be. */
export interface NewTokenInput {
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly expiresAt?: string | null | undefined;
}

/** Personal API tokens of the caller. */
export interface TokenService {
  list(access: CallerAccess): Promise<DocumentPage>;
  /**
   * Makes a token; the answer's `value` is the only copy of it.
   *
   * @throws DomainError `insufficient_scope` for a token wider than the one that makes it, `invalid` for an end in
   * the past or, made by a token, after its own; `conflict` when there are 100 already
   */
  create(unit: Executor, access: CallerAccess, input: NewTokenInput): Promise<{ id: string; json: string }>;
  /** @throws DomainError `not_found` */
  revoke(unit: UnitOfWork, access: CallerAccess, id: string): Promise<void>;
}

const maxTokens = 100;

/** @param options.now the time as milliseconds since 1970 */
export function createTokenService(options: {
  readonly executor: Executor;
  readonly newId: () => string;
  readonly newSecret: () => string;
  readonly now: () => number;
  /** Told whose token ended; must not throw. */
  readonly onEnded: (userId: string) => void;
}): TokenService {
  const { executor, newId, newSecret, now, onEnded } = options;

  /** A token that leaks must not be good for more, or for longer, than it was. */
  async function assertNarrower(unit: Executor, { caller }: CallerAccess, input: NewTokenInput): Promise<void> {
    if (caller.credential !== 'token') {
      return;
    }
    const widest = Math.max(...caller.scopes.map(rankOf));
    if (input.scopes.some((scope) => rankOf(scope) > widest)) {
      throw new DomainError('insufficient_scope', 'A token makes no token that may do more than itself');
    }
    const end = await tokenExpiry(unit, caller.credentialId);
    if (end !== null && (input.expiresAt == null || Date.parse(input.expiresAt) > end.getTime())) {
      throw invalid('expiresAt', `must not be after ${end.toISOString()}, when the token that makes it ends`);
    }
  }

  return {
    async list({ caller }) {
      return wholePage(await listTokens(executor, caller.userId));
    },
    async create(unit, access, input) {
      const { expiresAt = null } = input;
      if (expiresAt !== null && Date.parse(expiresAt) <= now()) {
        throw invalid('expiresAt', 'must be in the future');
      }
      await assertNarrower(unit, access, input);
      const id = newId();
      const value = `tf_${newSecret()}`;
      const scopes = tokenScopes.filter((scope) => input.scopes.includes(scope));
      const { userId } = access.caller;
      const token = { id, userId, name: input.name, tokenHash: hashSecret(value), scopes, expiresAt };
      const created = await insertToken(unit, token, value, maxTokens);
      if (created === undefined) {
        throw new DomainError('conflict', `You have ${maxTokens} tokens; revoke one first`);
      }
      return { id, json: created.json };
    },
    async revoke(unit, { caller }, id) {
      if (!isId(id) || !(await revokeToken(unit, caller.userId, id))) {
        throw notFound();
      }
      unit.afterCommit(() => onEnded(caller.userId));
    },
  };
}

/** Scopes hold one another: admin holds write, write holds read. */
const rankOf = (scope: TokenScope): number => tokenScopes.indexOf(scope);
