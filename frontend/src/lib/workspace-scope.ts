import type { User } from '@taskflow/contract/auth';
import type { Project } from '@taskflow/contract/projects';
import type { Label, Member, Workspace } from '@taskflow/contract/workspaces';
import { createContext, useContext } from 'react';

/** What every page inside of a workspace can count on. */
export interface WorkspaceScope {
  readonly workspace: Workspace;
  readonly me: User;
  readonly members: readonly Member[];
  readonly memberById: ReadonlyMap<string, Member>;
  readonly labels: readonly Label[];
  readonly labelById: ReadonlyMap<string, Label>;
  readonly projects: readonly Project[];
  readonly projectById: ReadonlyMap<string, Project>;
  /** Owners and admins. */
  readonly canManage: boolean;
  /** Everybody but guests. */
  readonly canWrite: boolean;
}

const Context = createContext<WorkspaceScope | undefined>(undefined);

/** Provides the scope to everything below; the frame does. */
export const WorkspaceScopeProvider = Context.Provider;

/** The workspace that the page is in. */
export function useWorkspaceScope(): WorkspaceScope {
  const scope = useContext(Context);
  if (scope === undefined) throw new Error('useWorkspaceScope is used outside of a workspace');
  return scope;
}
