import type { Database } from '@taskflow/db';
import { type AccessResolver, createAccessResolver } from './access/resolver.ts';
import { newId } from './core/ids.ts';
import { newSecret } from './core/secrets.ts';
import { type Committed, createUnitOfWorkRunner, type UnitOfWorkRunner } from './core/unit-of-work.ts';
import { createLinkService, type LinkService } from './links/service.ts';
import { createProjectMemberService, type ProjectMemberService } from './projects/member-service.ts';
import { createProjectService, type ProjectService } from './projects/service.ts';
import { createStatusService, type StatusService } from './statuses/service.ts';
import { createTaskService, type TaskService } from './tasks/service.ts';
import { createWorkspaceService, type WorkspaceService } from './workspaces/service.ts';

/** Everything that the product can do, over one database. */
export interface Domain {
  readonly units: UnitOfWorkRunner;
  readonly access: AccessResolver;
  readonly workspaces: WorkspaceService;
  readonly projects: ProjectService;
  readonly projectMembers: ProjectMemberService;
  readonly statuses: StatusService;
  readonly tasks: TaskService;
  readonly links: LinkService;
}

/** Options of {@link createDomain}. */
export interface DomainOptions {
  readonly database: Database;
  /** Wakes the live events; must not throw. */
  readonly onCommitted: (changes: readonly Committed[]) => void;
}

/** Wires the features together; nothing runs yet. */
export function createDomain(options: DomainOptions): Domain {
  const { database, onCommitted } = options;
  const units = createUnitOfWorkRunner({ database, onCommitted });
  const shared = { executor: database, units, newId, newSecret };
  return {
    units,
    access: createAccessResolver({ executor: database, onStale: () => undefined }),
    workspaces: createWorkspaceService({ ...shared, newSuffix: () => newSecret().slice(0, 6).toLowerCase() }),
    projects: createProjectService(shared),
    projectMembers: createProjectMemberService(shared),
    statuses: createStatusService(shared),
    tasks: createTaskService(shared),
    links: createLinkService(shared),
  };
}
