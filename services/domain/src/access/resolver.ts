import { tokenScopes, type TokenScope } from '@taskflow/contract/http';
import type { ProjectRole } from '@taskflow/contract/projects';
import { taskKeyPattern } from '@taskflow/contract/tasks';
import type { WorkspaceRole } from '@taskflow/contract/workspaces';
import { type Executor, join, type Sql, sql } from '@taskflow/db';
import { DomainError, notFound } from '../core/errors.ts';
import { canBeName, isId } from '../core/ids.ts';
import type {
  Caller,
  CallerAccess,
  CommentAccess,
  Credential,
  DeliveryAccess,
  ProjectAccess,
  TaskAccess,
  WebhookAccess,
  WorkspaceAccess,
} from './access.ts';
import type { Reading } from './reading.ts';
import { seesProject } from './visibility.ts';

/** Options of a look-up. */
export interface LookUp {
  /** The workspace (id or slug) in which a key is to be read. */
  readonly workspace?: string | undefined;
  /** Finds what was deleted instead of what is there, to restore it. @default false */
  readonly deleted?: boolean;
}

/**
 * Says who calls and what they see of the thing they name, each in one prepared read.
 *
 * Every method throws DomainError `unauthenticated` when the credential is no longer good, and `not_found` when the
 * thing is missing or the caller does not see it.
 */
export interface AccessResolver {
  caller(credential: Credential): Promise<CallerAccess>;
  /** @param ref an id, or a slug that leads or led to the workspace */
  workspace(credential: Credential, ref: string, options?: LookUp): Promise<WorkspaceAccess>;
  /** @param ref an id, or a key that leads or led to the project, with `options.workspace` */
  project(credential: Credential, ref: string, options?: LookUp): Promise<ProjectAccess>;
  /** {@link project}, and in the same statement something to be told to who sees the project. */
  projectWith<Result>(
    credential: Credential,
    ref: string,
    options: LookUp | undefined,
    reading: Reading<Result>,
  ): Promise<{ readonly access: ProjectAccess; readonly result: Result }>;
  /** @param ref an id, or a key like OPS-42 with `options.workspace` */
  task(credential: Credential, ref: string, options?: LookUp): Promise<TaskAccess>;
  comment(credential: Credential, id: string, options?: LookUp): Promise<CommentAccess>;
  webhook(credential: Credential, id: string): Promise<WebhookAccess>;
  delivery(credential: Credential, id: string): Promise<DeliveryAccess>;
}

type Row = {
  user_id: string;
  is_operator: boolean;
  credential_id: string;
  scopes: TokenScope[] | null;
  idle_seconds: number | null;
  workspace_id?: string | null;
  slug: string;
  role: WorkspaceRole | null;
  project_id?: string | null;
  key: string;
  visibility: 'workspace' | 'private';
  project_role: ProjectRole | null;
  task_id?: string | null;
  comment_id?: string | null;
  author_id: string;
  webhook_id?: string | null;
  delivery_id?: string | null;
};

/** How long a session or token may be used before that is written down again. */
const touchAfterSeconds = 60;

/** @param onStale told, at most about once a minute, that a credential is in use; writes it down without delay */
export function createAccessResolver(options: {
  executor: Executor;
  onStale: (caller: Caller) => void;
}): AccessResolver {
  const { executor, onStale } = options;

  async function read(
    name: string,
    credential: Credential,
    columns: Sql,
    joins: Sql,
  ): Promise<Row & { caller: Caller }> {
    const [row] = await executor.query<Row>(accessRow(credential, columns, joins), { name: `access-${name}` });
    return identify(credential, row);
  }

  function identify(credential: Credential, row: Row | undefined): Row & { caller: Caller } {
    if (row === undefined) {
      throw new DomainError('unauthenticated');
    }
    const caller: Caller = {
      userId: row.user_id,
      isOperator: row.is_operator,
      credential: credential.kind,
      credentialId: row.credential_id,
      scopes: row.scopes ?? tokenScopes,
    };
    if (row.idle_seconds === null || row.idle_seconds > touchAfterSeconds) {
      onStale(caller);
    }
    return { ...row, caller };
  }

  return {
    async caller(credential) {
      const { caller } = await read('caller', credential, sql``, sql``);
      return { caller };
    },
    async workspace(credential, ref, lookUp) {
      const row = await read('workspace', credential, workspaceColumns, workspaceJoins(ref, lookUp));
      return workspaceAccess(row);
    },
    async project(credential, ref, lookUp) {
      return projectAccess(await read('project', credential, projectColumns, projectJoins(ref, lookUp)));
    },
    async projectWith(credential, ref, lookUp, reading) {
      const found = await reading.run<Row>(executor, accessRow(credential, projectColumns, projectJoins(ref, lookUp)));
      const access = projectAccess(identify(credential, found?.access));
      if (found === undefined) {
        throw notFound();
      }
      return { access, result: found.result };
    },
    async task(credential, ref, lookUp) {
      return taskAccess(await read('task', credential, taskColumns, taskJoins(ref, lookUp)));
    },
    async comment(credential, id, lookUp) {
      const row = await read('comment', credential, commentColumns, commentJoins(id, lookUp));
      if (typeof row.comment_id !== 'string') {
        throw notFound();
      }
      return { ...taskAccess(row), comment: { id: row.comment_id, authorId: row.author_id } };
    },
    async webhook(credential, id) {
      const columns = sql`${workspaceColumns}, h.id as webhook_id`;
      return webhookAccess(await read('webhook', credential, columns, webhookJoins(sql`h.id = ${uuid(id)}::uuid`)));
    },
    async delivery(credential, id) {
      const columns = sql`${workspaceColumns}, h.id as webhook_id, d.id as delivery_id`;
      const joins = sql`
        left join webhook_deliveries d on d.id = ${uuid(id)}::uuid
        ${webhookJoins(sql`h.id = d.webhook_id`)}`;
      const row = await read('delivery', credential, columns, joins);
      if (typeof row.delivery_id !== 'string') {
        throw notFound();
      }
      return { ...webhookAccess(row), delivery: { id: row.delivery_id } };
    },
  };
}

function workspaceAccess(row: Row & { caller: Caller }): WorkspaceAccess {
  if (typeof row.workspace_id !== 'string' || row.role === null) {
    throw notFound();
  }
  return { caller: row.caller, workspace: { id: row.workspace_id, slug: row.slug, role: row.role } };
}

function projectAccess(row: Row & { caller: Caller }): ProjectAccess {
  const access = workspaceAccess(row);
  if (typeof row.project_id !== 'string') {
    throw notFound();
  }
  const project = { id: row.project_id, key: row.key, visibility: row.visibility, role: row.project_role };
  if (!seesProject(access.workspace.role, project)) {
    throw notFound();
  }
  return { ...access, project };
}

function taskAccess(row: Row & { caller: Caller }): TaskAccess {
  const access = projectAccess(row);
  if (typeof row.task_id !== 'string') {
    throw notFound();
  }
  return { ...access, task: { id: row.task_id } };
}

/** One row, if the credential is good: who calls, and what there is of what they name. */
const accessRow = (credential: Credential, columns: Sql, joins: Sql): Sql =>
  sql`select c.*${columns} from (${credentialRow(credential)}) c ${joins}`;

function webhookAccess(row: Row & { caller: Caller }): WebhookAccess {
  const access = workspaceAccess(row);
  if (typeof row.webhook_id !== 'string') {
    throw notFound();
  }
  return { ...access, webhook: { id: row.webhook_id } };
}

function credentialRow({ kind, hash }: Credential): Sql {
  return kind === 'session'
    ? sql`
        select u.id as user_id, u.is_operator, s.id as credential_id, null::text[] as scopes,
          extract(epoch from now() - s.last_used_at)::float8 as idle_seconds
        from sessions s join users u on u.id = s.user_id
        where s.token_hash = ${hash} and s.revoked_at is null and s.expires_at > now() and u.anonymised_at is null`
    : sql`
        select u.id as user_id, u.is_operator, k.id as credential_id, k.scopes,
          extract(epoch from now() - k.last_used_at)::float8 as idle_seconds
        from api_tokens k join users u on u.id = k.user_id
        where k.token_hash = ${hash} and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
          and u.anonymised_at is null`;
}

const workspaceColumns = sql`, w.id as workspace_id, w.slug, m.role`;
const projectColumns = sql`${workspaceColumns}, p.id as project_id, p.key, p.visibility, pm.role as project_role`;
const taskColumns = sql`${projectColumns}, t.id as task_id`;
const commentColumns = sql`${taskColumns}, cm.id as comment_id, cm.author_id`;

const membership = sql`left join memberships m on m.workspace_id = w.id and m.user_id = c.user_id`;
const ofProject = sql`
  left join workspaces w on w.id = p.workspace_id and w.deleted_at is null
  ${membership}
  left join project_members pm on pm.project_id = p.id and pm.user_id = c.user_id`;

/** Joins `w` by id or slug. */
function workspaceByRef(ref: string, deleted = false): Sql {
  if (!canBeName(ref)) {
    throw notFound();
  }
  const state = deleted ? sql`w.deleted_at is not null` : sql`w.deleted_at is null`;
  return isId(ref)
    ? sql`left join workspaces w on w.id = ${ref}::uuid and ${state}`
    : sql`
        left join workspace_slugs ws on ws.slug = ${ref}
        left join workspaces w on w.id = ws.workspace_id and ${state}`;
}

function workspaceJoins(ref: string, lookUp: LookUp | undefined): Sql {
  return join([workspaceByRef(ref, lookUp?.deleted), membership], ' ');
}

function projectJoins(ref: string, lookUp: LookUp | undefined): Sql {
  const state = lookUp?.deleted === true ? sql`p.deleted_at is not null` : sql`p.deleted_at is null`;
  if (isId(ref)) {
    return sql`left join projects p on p.id = ${ref}::uuid and ${state} ${ofProject}`;
  }
  if (lookUp?.workspace === undefined || !canBeName(ref)) {
    throw notFound();
  }
  return sql`
    ${workspaceByRef(lookUp.workspace)}
    left join project_keys pk on pk.workspace_id = w.id and pk.key = ${ref.toUpperCase()}
    left join projects p on p.id = pk.project_id and ${state}
    ${membership}
    left join project_members pm on pm.project_id = p.id and pm.user_id = c.user_id`;
}

function taskJoins(ref: string, lookUp: LookUp | undefined): Sql {
  const state = lookUp?.deleted === true ? sql`t.deleted_at is not null` : sql`t.deleted_at is null`;
  if (isId(ref)) {
    return sql`
      left join tasks t on t.id = ${ref}::uuid and ${state}
      left join projects p on p.id = t.project_id and p.deleted_at is null
      ${ofProject}`;
  }
  const [, key, number] = taskKeyPattern.exec(ref) ?? [];
  if (key === undefined || lookUp?.workspace === undefined) {
    throw notFound();
  }
  return sql`
    ${projectJoins(key, { workspace: lookUp.workspace })}
    left join tasks t on t.project_id = p.id and t.number = ${Number(number)} and ${state}`;
}

function commentJoins(id: string, lookUp: LookUp | undefined): Sql {
  const state = lookUp?.deleted === true ? sql`cm.deleted_at is not null` : sql`cm.deleted_at is null`;
  return sql`
    left join comments cm on cm.id = ${uuid(id)}::uuid and ${state}
    left join tasks t on t.id = cm.task_id and t.deleted_at is null
    left join projects p on p.id = t.project_id and p.deleted_at is null
    ${ofProject}`;
}

/** A text that can be an id. @throws DomainError `not_found` */
function uuid(text: string): string {
  if (!isId(text)) {
    throw notFound();
  }
  return text;
}

function webhookJoins(condition: Sql): Sql {
  return sql`
    left join webhooks h on ${condition} and h.deleted_at is null
    left join workspaces w on w.id = h.workspace_id and w.deleted_at is null
    ${membership}`;
}
