import { forbidden } from '../core/errors.ts';
import type { CallerAccess } from './access.ts';

/** @throws DomainError `forbidden` for whoever does not operate the instance */
export function assertOperator({ caller }: CallerAccess): void {
  if (!caller.isOperator) {
    throw forbidden('This is for those who operate the instance');
  }
}
