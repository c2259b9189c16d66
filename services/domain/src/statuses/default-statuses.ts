import { defaultStatuses } from '@taskflow/contract/projects';
import { type Sql, sql } from '@taskflow/db';

/** Inserts the statuses of a new project, in the order of its board. */
export function insertDefaultStatuses(options: { workspaceId: string; projectId: string; newId: () => string }): Sql {
  const rows = defaultStatuses.map((status, position) => ({ id: options.newId(), position, ...status }));
  return sql`
    insert into statuses (id, workspace_id, project_id, name, category, color, position)
    select s.id, ${options.workspaceId}::uuid, ${options.projectId}::uuid, s.name, s.category, s.color, s.position
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s (
      id uuid, name text, category status_category, color text, position integer
    )`;
}
