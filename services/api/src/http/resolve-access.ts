import type { RouteContract, TokenScope } from '@taskflow/contract/http';
import {
  type AccessResolver,
  type Caller,
  type Credential,
  DomainError,
  type ProjectAccess,
  type Reading,
} from '@taskflow/domain';
import { z } from 'zod';
import type { AnyRequest, Endpoint } from './endpoint.ts';

/** A token's scope holds the smaller ones too: whoever may write sees the answer anyway. */
const included: Readonly<Record<TokenScope, readonly TokenScope[]>> = {
  read: ['read', 'write', 'admin'],
  write: ['write', 'admin'],
  admin: ['admin'],
};

const named = z.object({ id: z.string().default('') });
const within = z.object({ workspace: z.string().optional() });
const namedTwice = { path: 'query.workspace', message: 'must be given once' };

/**
 * Finds out who calls and what they see of what the path names.
 *
 * @throws DomainError `unauthenticated`, `not_found`, `invalid` for a workspace named twice, or `insufficient_scope` for
 * a token
 */
export async function resolveAccess(
  resolver: AccessResolver,
  endpoint: Pick<Endpoint, 'target'>,
  contract: RouteContract,
  request: Pick<AnyRequest, 'params' | 'query' | 'credential'>,
): Promise<AnyRequest['access']> {
  if (endpoint.target === 'public') {
    return undefined;
  }
  const { credential } = request;
  if (credential === undefined) {
    throw new DomainError('unauthenticated');
  }
  const access = await lookUp(resolver, endpoint, credential, request);
  assertScope(access.caller, contract.auth);
  return access;
}

/**
 * {@link resolveAccess} of an endpoint that reads along with it.
 *
 * @returns the access, and the result that is for nobody without it
 */
export async function resolveReading<Result>(
  resolver: AccessResolver,
  contract: RouteContract,
  request: Pick<AnyRequest, 'params' | 'query' | 'credential'>,
  reading: Reading<Result>,
): Promise<{ readonly access: ProjectAccess; readonly result: Result }> {
  const { credential } = request;
  if (credential === undefined) {
    throw new DomainError('unauthenticated');
  }
  const { id, workspace } = nameOf(request);
  const found = await resolver.projectWith(credential, id, { workspace }, reading);
  assertScope(found.access.caller, contract.auth);
  return found;
}

function lookUp(
  resolver: AccessResolver,
  { target }: Pick<Endpoint, 'target'>,
  credential: Credential,
  request: Pick<AnyRequest, 'params' | 'query'>,
) {
  const { id, workspace } = nameOf(request);
  switch (target) {
    case 'public':
    case 'caller':
      return resolver.caller(credential);
    case 'workspace':
      return resolver.workspace(credential, id);
    case 'deleted-workspace':
      return resolver.workspace(credential, id, { deleted: true });
    case 'project':
      return resolver.project(credential, id, { workspace });
    case 'deleted-project':
      return resolver.project(credential, id, { deleted: true });
    case 'task':
      return resolver.task(credential, id, { workspace });
    case 'deleted-task':
      return resolver.task(credential, id, { deleted: true });
    case 'comment':
      return resolver.comment(credential, id);
    case 'deleted-comment':
      return resolver.comment(credential, id, { deleted: true });
    case 'webhook':
      return resolver.webhook(credential, id);
    case 'delivery':
      return resolver.delivery(credential, id);
  }
}

/** What the path names, and the workspace in which a key is to be read. */
function nameOf(request: Pick<AnyRequest, 'params' | 'query'>) {
  const { id } = named.parse(request.params ?? {});
  const place = within.safeParse(request.query ?? {});
  if (!place.success) {
    throw new DomainError('invalid', undefined, { fields: [namedTwice] });
  }
  return { id, workspace: place.data.workspace };
}

function assertScope(caller: Caller, needed: RouteContract['auth']): void {
  if (needed !== 'public' && !caller.scopes.some((scope) => included[needed].includes(scope))) {
    throw new DomainError('insufficient_scope', `This needs a token with the scope ${needed}`);
  }
}
