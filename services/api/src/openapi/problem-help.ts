import type { ProblemCode } from '@taskflow/contract/http';

/** What each problem means and what to do about it: the text behind its `type`. */
export const problemHelp: Readonly<Record<ProblemCode, string>> = {
  malformed_request:
    'The request could not be understood at all: the body is not JSON in UTF-8, did not arrive in full, or a header has a form that it cannot have. Nothing was changed.',
  unauthenticated:
    'The request names no caller, or a session or token that has ended. Sign in again, or make a new token.',
  wrong_credentials:
    'The address or the password is wrong. Which of the two is not told, and an address without account is answered alike.',
  forbidden: 'You see this, but your role in the workspace or the project does not allow what you tried.',
  insufficient_scope:
    'The token was made without the scope that this route needs: read, write or admin. Make one with that scope, or use a session.',
  cross_site_request:
    'A browser said that another site caused this write (Origin or Sec-Fetch-Site). Programs that are no browser send neither header.',
  registration_closed:
    'This instance lets nobody, or only people with an invitation, create an account. Ask one of its members for an invitation link.',
  not_found: 'It does not exist, was deleted, or you may not see it. The three are answered alike on purpose.',
  method_not_allowed: 'The path exists, but not with this method; the Allow header lists those that it has.',
  conflict:
    'The request cannot be carried out as things are now, or somebody changed the same thing at the same moment. Read it again, then try again.',
  email_taken: 'There is an account with this address already. Sign in instead.',
  key_taken: 'Another project of the workspace has, or once had, this key. Old keys go on leading to their project.',
  name_taken: 'Something else of the same kind has this name already; case makes no difference.',
  last_owner: 'A workspace always has an owner. Make somebody else one first.',
  invitation_spent: 'The invitation was used, revoked, or has expired. Ask for a new one.',
  link_spent:
    'The link in the mail was followed already, a newer one took its place, or it has expired. Ask for a new one.',
  stale_version:
    'If-Match names a version that is no longer the current one. Read the resource again, see what changed, and decide whether your change still holds.',
  too_large: 'A body may have 1 MiB.',
  unsupported_media_type: 'Bodies are JSON, sent with Content-Type: application/json.',
  invalid:
    'One or more fields are not valid. The field `errors` names each by its path and says what is wrong with it.',
  idempotency_mismatch:
    'This Idempotency-Key was used within the last 24 hours for the same route with another body. Use a new key for a new request.',
  too_many_requests: 'Slow down: the Retry-After header says how many seconds to wait.',
  internal:
    'Something went wrong that nobody foresaw. It was logged in full; tell the operator of the instance the requestId.',
  unavailable:
    'Something that the API depends on does not answer, or the process is shutting down. Nothing was changed; try again after the seconds in Retry-After.',
};
