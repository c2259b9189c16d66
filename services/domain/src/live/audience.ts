import type { ActivityType } from '@taskflow/contract/activity';
import type { WorkspaceRole } from '@taskflow/contract/workspaces';
import { seesProject } from '../access/visibility.ts';

/** What a live event is about: enough to decide who may read it. */
export interface LiveSubject {
  readonly type: ActivityType;
  readonly projectId: string | null;
  readonly subjectId: string | null;
}

/** A person of a workspace, as far as live events care. */
export interface Viewer {
  readonly userId: string;
  readonly role: WorkspaceRole;
  /** Projects that the person belongs to. */
  readonly ownProjectIds: ReadonlySet<string>;
}

/** Who is in a workspace and sees what there, at one moment. */
export interface Audience {
  /** Projects that are open to the workspace. */
  readonly openProjectIds: ReadonlySet<string>;
  /** By user id; whoever does not belong to the workspace is missing. */
  readonly viewers: ReadonlyMap<string, Viewer>;
}

/** Whether a person sees a project at that moment; the same rule as that of every route. */
export function viewerSeesProject(
  viewer: Viewer,
  openProjectIds: Audience['openProjectIds'],
  projectId: string,
): boolean {
  return seesProject(viewer.role, {
    visibility: openProjectIds.has(projectId) ? 'workspace' : 'private',
    role: viewer.ownProjectIds.has(projectId) ? 'member' : null,
  });
}

/**
 * Whether a person may read what happened: in projects that they see, and in the workspace itself, where guests are
 * not told who comes and goes.
 */
export function mayReadEvent(viewer: Viewer, openProjectIds: Audience['openProjectIds'], about: LiveSubject): boolean {
  if (about.projectId !== null) {
    return viewerSeesProject(viewer, openProjectIds, about.projectId);
  }
  return viewer.role !== 'guest' || !about.type.startsWith('member.') || about.subjectId === viewer.userId;
}

/** Whether what happened may have taken a project out of this person's sight. */
export function mayHideProject(about: LiveSubject, userId: string): boolean {
  return (
    about.type === 'project.deleted' ||
    about.type === 'project.updated' ||
    (about.type === 'project_member.removed' && about.subjectId === userId)
  );
}
