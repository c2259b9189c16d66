import type { AskableType } from '@taskflow/contract/exchange';
import type { Executor } from '@taskflow/db';
import type { JobType } from '@taskflow/jobs';
import type { Caller, WorkspaceAccess } from '../access/access.ts';
import { DomainError } from '../core/errors.ts';
import { projectExport } from '../exports/job-types.ts';
import { authorizeExport } from '../exports/service.ts';
import { projectImport } from '../imports/job-types.ts';
import { authorizeImport } from '../imports/service.ts';
import { reportGenerate } from '../reports/job-types.ts';
import { authorizeReport } from '../reports/service.ts';

/** A job that somebody may ask for: checked, and theirs to have. */
export interface Granted {
  readonly type: JobType;
  readonly payload: unknown;
  readonly workspaceId: string;
}

/** Checks a payload and whether the caller may have such a job. @throws DomainError `invalid`, `not_found`, `forbidden` */
type Grant = (executor: Executor, caller: Caller, payload: unknown) => Promise<Granted>;

function grant<Payload>(
  type: JobType<Payload>,
  authorize: (executor: Executor, caller: Caller, payload: Payload) => Promise<WorkspaceAccess>,
): Grant {
  return async (executor, caller, payload) => {
    const parsed = type.payload.safeParse(payload);
    if (!parsed.success) {
      const fields = parsed.error.issues.map(({ path, message }) => ({
        path: ['payload', ...path].map(String).join('.'),
        message,
      }));
      throw new DomainError('invalid', undefined, { fields });
    }
    const { workspace } = await authorize(executor, caller, parsed.data);
    const { scope } = type;
    return {
      type: { ...type, scope: (given) => scope?.(type.payload.parse(given)) ?? '' },
      payload: parsed.data,
      workspaceId: workspace.id,
    };
  };
}

/** Every type that people may ask for. A handler asks the same questions again before it begins. */
export const askable: Readonly<Record<AskableType, Grant>> = {
  'project.export': grant(projectExport, authorizeExport),
  'report.generate': grant(reportGenerate, authorizeReport),
  'project.import': grant(projectImport, authorizeImport),
};
