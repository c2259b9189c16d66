import { forbidden } from '../core/errors.ts';
import type { WorkspaceAccess } from './access.ts';
import type { Row } from './rules.ts';
import { type AccessFor, type Action, table } from './table.ts';

/** Whether the role table allows an action; deny by default. */
export function can<Name extends Action>(access: AccessFor<Name> & WorkspaceAccess, action: Name): boolean {
  const row: Row<AccessFor<Name>> = table[action];
  return row[access.workspace.role](access);
}

/** @throws DomainError `forbidden` when the role table does not allow the action */
export function authorize<Name extends Action>(access: AccessFor<Name> & WorkspaceAccess, action: Name): void {
  if (!can(access, action)) {
    throw forbidden();
  }
}
