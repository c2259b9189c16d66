import type { Project, Status } from '@taskflow/contract/projects';
import { createContext, useContext } from 'react';

/** What every view of a project can count on. */
export interface ProjectScope {
  readonly project: Project;
  /** In the order of the board. */
  readonly statuses: readonly Status[];
  /** Owners, admins and leads. */
  readonly canConfigure: boolean;
}

const Context = createContext<ProjectScope | undefined>(undefined);

/** Provides the scope to everything below; the project's frame does. */
export const ProjectScopeProvider = Context.Provider;

/** The project that the page is in. */
export function useProjectScope(): ProjectScope {
  const scope = useContext(Context);
  if (scope === undefined) throw new Error('useProjectScope is used outside of a project');
  return scope;
}
