import type { WorkspaceRole } from '@taskflow/contract/workspaces';
import { type Executor, type Sql, sql } from '@taskflow/db';
import { activityJson } from '../activity/json.ts';
import { commentJson } from '../comments/json.ts';
import { besideTask, taskJson } from '../tasks/json.ts';
import type { Viewer } from './audience.ts';
import type { LiveEntry, LiveSource, LostRight } from './live-source.ts';

type EntryRow = {
  number: number;
  type: LiveEntry['type'];
  project_id: string | null;
  subject_id: string | null;
  changes_access: boolean;
  json: string;
};

/** What changes who sees which project. People who join have no stream yet. */
const changesAccess = sql`(
  a.type in (
    'workspace.deleted', 'member.updated', 'member.removed', 'project.created', 'project.deleted', 'project.restored',
    'project_member.set', 'project_member.removed'
  ) or a.type = 'project.updated' and a.changes ? 'visibility'
)`;

/** The task as it is now, and the comment that the activity is about; null when gone. */
const current = sql`
  left join lateral (
    select ${taskJson} as json
    from tasks t join projects p on p.id = t.project_id and p.deleted_at is null ${besideTask}
    where t.id = a.task_id and t.deleted_at is null
  ) task on true
  left join lateral (
    select ${commentJson}::text as json
    from comments cm
    join tasks t on t.id = cm.task_id and t.deleted_at is null
    join projects p on p.id = t.project_id and p.deleted_at is null
    where a.type like 'comment.%' and cm.id = a.subject_id and cm.deleted_at is null
  ) comment on true`;

/** One query each; PostgreSQL builds the JSON that goes to the clients. */
export function createLiveSource(options: { executor: Executor }): LiveSource {
  const { executor } = options;
  return {
    async lastNumbers(workspaceIds) {
      const rows = await executor.query<{ workspace_id: string; last_number: number }>(
        sql`select workspace_id, last_number from activity_counters where workspace_id = any(${[...workspaceIds]}::uuid[])`,
        { name: 'live-last-numbers' },
      );
      return new Map(rows.map((row) => [row.workspace_id, row.last_number]));
    },

    async read(workspaceId, { after, upTo, limit }) {
      const end: Sql = upTo === undefined ? sql`` : sql`and a.number <= ${upTo}`;
      const rows = await executor.query<EntryRow>(
        sql`
          select a.number, a.type, a.project_id, a.subject_id, ${changesAccess} as changes_access,
            left(${activityJson}::text, -1) || ',"task":' || coalesce(task.json, 'null')
              || ',"comment":' || coalesce(comment.json, 'null') || '}' as json
          from activity a ${current}
          where a.workspace_id = ${workspaceId} and a.number > ${after} ${end}
          order by a.number
          limit ${limit}`,
        { name: 'live-read' },
      );
      return rows.map((row) => ({
        number: row.number,
        type: row.type,
        projectId: row.project_id,
        subjectId: row.subject_id,
        changesAccess: row.changes_access,
        json: row.json,
      }));
    },

    async audience(workspaceId, userIds) {
      const [row] = await executor.query<{ open: string[]; viewers: ViewerRow[] }>(
        audienceStatement(workspaceId, userIds),
        { name: 'live-audience' },
      );
      return {
        openProjectIds: new Set(row?.open),
        viewers: new Map((row?.viewers ?? []).map((viewer) => [viewer.userId, toViewer(viewer)])),
      };
    },

    async lostRights(watchers) {
      const rows = await executor.query<{ place: number; reason: LostRight }>(
        lostRightsStatement(JSON.stringify(watchers)),
        { name: 'live-lost-rights' },
      );
      return new Map(rows.map(({ place, reason }) => [place, reason]));
    },
  };
}

type ViewerRow = { userId: string; role: WorkspaceRole; own: string[] };

const toViewer = ({ userId, role, own }: ViewerRow): Viewer => ({ userId, role, ownProjectIds: new Set(own) });

/** One statement, so that roles, memberships and open projects are of one moment. */
function audienceStatement(workspaceId: string, userIds: readonly string[]): Sql {
  return sql`
    select
      (
        select coalesce(json_agg(p.id), '[]') from projects p
        where p.workspace_id = w.id and p.visibility = 'workspace' and p.deleted_at is null
      ) as open,
      (
        select coalesce(json_agg(json_build_object('userId', m.user_id, 'role', m.role, 'own', (
          select coalesce(json_agg(p.id), '[]')
          from project_members pm join projects p on p.id = pm.project_id and p.deleted_at is null
          where pm.user_id = m.user_id and pm.workspace_id = w.id
        ))), '[]')
        from memberships m
        where m.workspace_id = w.id and m.user_id = any(${[...userIds]}::uuid[])
      ) as viewers
    from workspaces w
    where w.id = ${workspaceId} and w.deleted_at is null`;
}

function lostRightsStatement(watchers: string): Sql {
  return sql`
    with watcher as (
      select w.place::int - 1 as place, e.*
      from json_array_elements(${watchers}::json) with ordinality w (value, place),
        json_to_record(w.value) as e ("workspaceId" uuid, "userId" uuid, credential text, "credentialId" uuid)
    ), checked as (
      select place,
        exists (
          select from users u where u.id = "userId" and u.anonymised_at is null
        ) and case credential
          when 'session' then exists (
            select from sessions s where s.id = "credentialId" and s.revoked_at is null and s.expires_at > now()
          )
          else exists (
            select from api_tokens k
            where k.id = "credentialId" and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
          )
        end as has_session,
        exists (
          select from memberships m join workspaces w on w.id = m.workspace_id
          where m.workspace_id = "workspaceId" and m.user_id = "userId" and w.deleted_at is null
        ) as is_member
      from watcher
    )
    select place, case when has_session then 'membership_ended' else 'session_ended' end as reason
    from checked where not (has_session and is_member)`;
}
