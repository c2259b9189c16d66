import { DomainError } from '@taskflow/domain';
import { JobFailure } from '@taskflow/jobs';

/**
 * A rule said no, and would say so again: the project is gone, or whoever asked may not have this any more. What
 * anything else means is left to the engine.
 *
 * @throws JobFailure that is not tried again, or the error itself
 */
export function refusedForGood(error: unknown): never {
  if (error instanceof DomainError) {
    throw new JobFailure(error.code.toUpperCase(), error.detail ?? error.message, {
      cause: error,
      retryable: false,
      countsForBreaker: false,
    });
  }
  throw error;
}
