export type {
  Caller,
  CallerAccess,
  CommentAccess,
  Credential,
  ProjectAccess,
  TaskAccess,
  WorkspaceAccess,
} from './access/access.ts';
export { can } from './access/can.ts';
export { type AccessResolver, createAccessResolver } from './access/resolver.ts';
export type { Document, DocumentPage } from './core/document.ts';
export { DomainError } from './core/errors.ts';
export { hashSecret, newSecret } from './core/secrets.ts';
export { type Committed, createUnitOfWorkRunner, type UnitOfWork, type UnitOfWorkRunner } from './core/unit-of-work.ts';
export {
  findAnswer,
  type IdempotentWrite,
  isAnsweredAlready,
  type KeptAnswer,
  keepAnswer,
} from './idempotency/idempotency.ts';
