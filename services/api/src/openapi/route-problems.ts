import type { RouteKey } from '@taskflow/contract/api';
import type { ProblemCode, RouteContract } from '@taskflow/contract/http';

/** Problems that only these routes have, beside those that follow from their contracts. */
const special: { readonly [Key in RouteKey]?: readonly ProblemCode[] } = {
  'POST /auth/register': ['registration_closed', 'email_taken', 'invitation_spent'],
  'POST /auth/login': ['wrong_credentials'],
  'POST /auth/email/verify': ['not_found', 'link_spent'],
  'POST /auth/password/reset': ['not_found', 'link_spent'],
  'POST /jobs': ['not_found', 'forbidden'],
  'POST /workspaces': ['name_taken'],
  'PATCH /workspaces/{id}': ['name_taken'],
  'POST /workspaces/{id}/restore': ['stale_version'],
  'PATCH /workspaces/{id}/members/{userId}': ['last_owner'],
  'DELETE /workspaces/{id}/members/{userId}': ['last_owner'],
  'GET /invitations/{token}': ['invitation_spent'],
  'POST /invitations/{token}/accept': ['invitation_spent'],
  'POST /workspaces/{id}/labels': ['name_taken'],
  'PATCH /workspaces/{id}/labels/{labelId}': ['name_taken'],
  'POST /projects/{id}/statuses': ['name_taken'],
  'PATCH /projects/{id}/statuses/{statusId}': ['name_taken'],
  'POST /workspaces/{id}/projects': ['key_taken'],
  'PATCH /projects/{id}': ['key_taken'],
  'POST /tasks/{id}/move': ['stale_version'],
};

/** Every problem that a route may answer, but `internal`, which none should. */
export function problemsOf(key: RouteKey, method: string, contract: RouteContract): readonly ProblemCode[] {
  const isWrite = method !== 'GET';
  const isPublic = contract.auth === 'public';
  const isRepeatable = isWrite && !isPublic && contract.secret !== true;
  const rules: readonly (readonly [boolean, readonly ProblemCode[]])[] = [
    [contract.body !== undefined || isRepeatable, ['malformed_request']],
    [!isPublic, ['unauthenticated', 'insufficient_scope']],
    [isWrite, ['cross_site_request', 'conflict']],
    [contract.params !== undefined, ['not_found']],
    [!isPublic && isWrite && contract.params !== undefined, ['forbidden']],
    [contract.versioned === true && isWrite && method !== 'POST', ['stale_version']],
    [contract.body !== undefined, ['too_large', 'unsupported_media_type']],
    [contract.body !== undefined || contract.query !== undefined, ['invalid']],
    [isRepeatable, ['idempotency_mismatch']],
    [true, ['too_many_requests', 'unavailable']],
  ];
  return [...rules.flatMap(([applies, codes]) => (applies ? codes : [])), ...(special[key] ?? [])];
}
