import type { TokenScope } from '@taskflow/contract/http';
import type { ProjectRole } from '@taskflow/contract/projects';
import type { WorkspaceRole } from '@taskflow/contract/workspaces';

/** How a caller proved who they are: the hash of the session's or the token's value. */
export interface Credential {
  readonly kind: 'session' | 'token';
  readonly hash: Buffer;
}

/** The person who calls. */
export interface Caller {
  readonly userId: string;
  readonly isOperator: boolean;
  readonly credential: 'session' | 'token';
  /** Of the session or the token. */
  readonly credentialId: string;
  readonly scopes: readonly TokenScope[];
}

/** A workspace that the caller belongs to. */
export interface WorkspaceScope {
  readonly id: string;
  readonly slug: string;
  readonly role: WorkspaceRole;
}

/** A project that the caller sees; `role` is the caller's own there, if any. */
export interface ProjectScope {
  readonly id: string;
  readonly key: string;
  readonly visibility: 'workspace' | 'private';
  readonly role: ProjectRole | null;
}

/** Who calls, and where: each kind of access says what the caller is known to see. */
export interface CallerAccess {
  readonly caller: Caller;
}
/** See {@link CallerAccess}. */
export interface WorkspaceAccess extends CallerAccess {
  readonly workspace: WorkspaceScope;
}
/** See {@link CallerAccess}. */
export interface ProjectAccess extends WorkspaceAccess {
  readonly project: ProjectScope;
}
/** See {@link CallerAccess}. */
export interface TaskAccess extends ProjectAccess {
  readonly task: { readonly id: string };
}
/** See {@link CallerAccess}. */
export interface CommentAccess extends TaskAccess {
  readonly comment: { readonly id: string; readonly authorId: string };
}
/** See {@link CallerAccess}. */
export interface WebhookAccess extends WorkspaceAccess {
  readonly webhook: { readonly id: string };
}
/** See {@link CallerAccess}. */
export interface DeliveryAccess extends WebhookAccess {
  readonly delivery: { readonly id: string };
}
