import { type Executor, type Sql, sql } from '@taskflow/db';
import type { ProjectAccess, TaskAccess, WorkspaceAccess } from '../access/access.ts';
import { projectWasVisible } from '../access/visibility.ts';
import type { DocumentPage } from '../core/document.ts';
import type { PageQuery } from '../core/id-page.ts';
import { keyPage } from '../core/key-page.ts';
import { listActivity } from './repository.ts';

/** What happened, newest first. */
export interface ActivityService {
  listOfTask(access: TaskAccess, query: PageQuery): Promise<DocumentPage>;
  listOfProject(access: ProjectAccess, query: PageQuery): Promise<DocumentPage>;
  /**
   * What happened in the projects that the caller sees, deleted ones included, and in the workspace itself. As in live
   * events, guests are not told who comes and goes, but for themselves.
   */
  listOfWorkspace(access: WorkspaceAccess, query: PageQuery): Promise<DocumentPage>;
}

/** Reads run on `executor`. */
export function createActivityService({ executor }: { executor: Executor }): ActivityService {
  async function list(name: readonly string[], condition: Sql, query: PageQuery): Promise<DocumentPage> {
    const page = keyPage(query, ['activity', ...name], (key) => /^[1-9]\d{0,14}$/.test(key));
    const before = page.after === undefined ? undefined : Number(page.after.key);
    return page.toPage(await listActivity(executor, condition, { before, rowLimit: page.rowLimit }));
  }

  return {
    listOfTask: ({ task }, query) => list(['task', task.id], sql`a.task_id = ${task.id}`, query),
    listOfProject: ({ project }, query) => list(['project', project.id], sql`a.project_id = ${project.id}`, query),
    listOfWorkspace: (access, query) =>
      list(
        ['workspace', access.workspace.id],
        sql`a.workspace_id = ${access.workspace.id} and ${isForCaller(access)}`,
        query,
      ),
  };
}

function isForCaller(access: WorkspaceAccess): Sql {
  const ofWorkspace =
    access.workspace.role === 'guest'
      ? sql`a.project_id is null and (a.type not like 'member.%' or a.subject_id = ${access.caller.userId})`
      : sql`a.project_id is null`;
  return sql`(
    ${ofWorkspace} or a.project_id in (select p.id from projects p where ${projectWasVisible(access)})
  )`;
}
