import { type Database, type Executor, sql } from '@taskflow/db';
import { newId, newSecret } from '@taskflow/domain';

/** People of a {@link World}: what they are in the workspace `works`, and in its projects. */
export const personNames = ['owner', 'admin', 'lead', 'member', 'visitor', 'guest', 'extra', 'outsider'] as const;
/** See {@link personNames}. */
export type PersonName = (typeof personNames)[number];

/** The password of everybody in a {@link World}. */
export const worldPassword = 'correct horse battery';

/** Somebody with a session and a token of every scope. */
export interface WorldPerson {
  readonly id: string;
  readonly email: string;
  readonly sessionId: string;
  readonly session: string;
  readonly tokenId: string;
  readonly tokens: Readonly<Record<'read' | 'write' | 'admin', string>>;
}

/** A project with what can be in it. */
export interface WorldProject {
  readonly id: string;
  readonly key: string;
  /** Has both tasks; `spareStatusId` has none. */
  readonly statusId: string;
  readonly spareStatusId: string;
  readonly taskId: string;
  readonly otherTaskId: string;
  /** From the first task to the other. */
  readonly linkId: string;
  /** A comment of everybody on the first task, whether they see it or not. */
  readonly commentIds: Readonly<Record<PersonName, string>>;
}

/** A workspace with people of every kind, and another one that only the outsider is in. */
export interface World {
  readonly people: Readonly<Record<PersonName, WorldPerson>>;
  readonly workspaceId: string;
  /** Owned by the outsider. */
  readonly otherWorkspaceId: string;
  readonly labelId: string;
  readonly invitationId: string;
  readonly invitationToken: string;
  /** Of the person `extra`. */
  readonly verifyToken: string;
  readonly resetToken: string;
  readonly unsubscribeToken: string;
  /** To the person `extra`; failed. */
  readonly mailId: string;
  readonly webhookId: string;
  /** To the webhook; nobody answered. */
  readonly deliveryId: string;
  /** Of the delivery; quarantined, because its breaker is open. */
  readonly jobId: string;
  readonly scheduleId: string;
  /** An export that the owner asked for, and its file. */
  readonly exportJobId: string;
  readonly blobId: string;
  /** Of the owner. */
  readonly reportScheduleId: string;
  /** Open to the workspace; `lead` leads it, `visitor` is its guest, `extra` belongs to it. */
  readonly open: WorldProject;
  /** Private; as `open`, and `guest` is its guest. */
  readonly team: WorldProject;
}

const newPerson = (): WorldPerson => {
  const id = newId();
  return {
    id,
    email: `${id}@example.com`,
    sessionId: newId(),
    session: newSecret(),
    tokenId: newId(),
    tokens: { read: `tf_${newSecret()}`, write: `tf_${newSecret()}`, admin: `tf_${newSecret()}` },
  };
};

const byPerson = <Value>(make: () => Value): Readonly<Record<PersonName, Value>> => ({
  owner: make(),
  admin: make(),
  lead: make(),
  member: make(),
  visitor: make(),
  guest: make(),
  extra: make(),
  outsider: make(),
});

const newProject = (key: string): WorldProject => ({
  id: newId(),
  key,
  statusId: newId(),
  spareStatusId: newId(),
  taskId: newId(),
  otherTaskId: newId(),
  linkId: newId(),
  commentIds: byPerson(newId),
});

/** Inserts a world of its own. @param passwordHash of {@link worldPassword} */
export function createWorld(database: Database, passwordHash: string): Promise<World> {
  const world: World = {
    people: byPerson(newPerson),
    workspaceId: newId(),
    otherWorkspaceId: newId(),
    labelId: newId(),
    invitationId: newId(),
    invitationToken: newSecret(),
    verifyToken: newSecret(),
    resetToken: newSecret(),
    unsubscribeToken: newSecret(),
    mailId: newId(),
    webhookId: newId(),
    deliveryId: newId(),
    jobId: newId(),
    scheduleId: newId(),
    exportJobId: newId(),
    blobId: newId(),
    reportScheduleId: newId(),
    open: newProject('OPEN'),
    team: newProject('TEAM'),
  };
  return database.transaction(async (tx) => {
    await insertPeople(tx, world, passwordHash);
    await insertWorkspaces(tx, world);
    await insertMails(tx, world);
    await insertWebhook(tx, world);
    await insertSchedule(tx, world);
    await insertProject(tx, world, world.open, 'workspace', { lead: 'lead', visitor: 'guest', extra: 'member' });
    await insertExport(tx, world);
    await insertProject(tx, world, world.team, 'private', {
      lead: 'lead',
      visitor: 'guest',
      extra: 'member',
      guest: 'guest',
    });
    return world;
  });
}

async function insertExport(tx: Executor, world: World): Promise<void> {
  const { workspaceId, exportJobId, blobId, people } = world;
  await tx.query(sql`
    insert into blobs (id, workspace_id, created_by, file_name, media_type, store, size_bytes, sha256, stored_at)
    values (${blobId}, ${workspaceId}, ${people.owner.id}, 'OPEN.zip', 'application/zip', 'postgres', 3, '', now())`);
  await tx.query(sql`insert into blob_chunks (blob_id, position, data) values (${blobId}, 0, 'zip')`);
  await tx.query(sql`
    insert into jobs (id, type, priority, workspace_id, payload, state, requested_by, result, finished_at)
    values (${exportJobId}, 'project.export', 'bulk', ${workspaceId}, ${JSON.stringify({ projectId: world.open.id })},
      'succeeded', ${people.owner.id}, ${JSON.stringify({ zipId: blobId })}, now())`);
  await tx.query(sql`insert into imports (job_id, workspace_id) values (${exportJobId}, ${workspaceId})`);
  await tx.query(sql`
    insert into schedules (id, workspace_id, type, payload, cron, time_zone, created_by)
    values (${world.reportScheduleId}, ${workspaceId}, 'report.generate', ${JSON.stringify({ kind: 'weekly', workspaceId })},
      '0 8 * * 1', 'UTC', ${people.owner.id})`);
}

/** Its last delivery is kept by the breaker, so that it can be probed. */
async function insertWebhook(tx: Executor, world: World): Promise<void> {
  const { workspaceId, webhookId, deliveryId, jobId, people } = world;
  await tx.query(sql`
    insert into webhooks (id, workspace_id, url, secret, created_by)
    values (${webhookId}, ${workspaceId}, 'https://example.com/hook', 'whsec_c2VjcmV0', ${people.owner.id})`);
  await tx.query(sql`
    insert into jobs (id, type, priority, workspace_id, scope, payload, state, reason, breaker_key)
    values (${jobId}, 'webhook.deliver', 'default', ${workspaceId}, ${webhookId},
      ${JSON.stringify({ deliveryId, webhookId })}::jsonb, 'quarantined', 'breaker',
      ${`webhook.deliver@${webhookId}:HTTP_503`})`);
  await tx.query(sql`
    insert into webhook_deliveries (id, workspace_id, webhook_id, event_type, message_id, request_body, job_id)
    values (${deliveryId}, ${workspaceId}, ${webhookId}, 'ping', 'msg_1', '{}', ${jobId})`);
}

async function insertSchedule(tx: Executor, { scheduleId }: World): Promise<void> {
  await tx.query(sql`
    insert into schedules (id, type, payload, cron, time_zone, next_run_at)
    values (${scheduleId}, 'maintenance.purge-sessions', '{}', '0 3 * * *', 'UTC', now() + interval '1 day')`);
}

async function insertMails(tx: Executor, world: World): Promise<void> {
  const { id, email } = world.people.extra;
  const links = [
    { id: newId(), purpose: 'verify_email', token: world.verifyToken },
    { id: newId(), purpose: 'reset_password', token: world.resetToken },
  ];
  await tx.query(sql`
    insert into account_links (id, user_id, purpose, email, token_hash, expires_at)
    select id, ${id}, purpose, ${email}, sha256(convert_to(token, 'UTF8')), now() + interval '1 day'
    from jsonb_to_recordset(${JSON.stringify(links)}::jsonb) as l (id uuid, purpose text, token text)`);
  await tx.query(sql`
    insert into mail_subscriptions (user_id, topic, unsubscribe_token) values (${id}, 'assigned', ${world.unsubscribeToken})`);
  await tx.query(sql`
    insert into mails (id, kind, to_address, subject, text, html, state, message_key)
    values (${world.mailId}, 'digest', ${email}, 'News', 'News', '<p>News</p>', 'failed', ${world.mailId})`);
}

async function insertPeople(tx: Executor, { people }: World, passwordHash: string): Promise<void> {
  const rows = personNames.map((name) => ({ name, ...people[name] }));
  const json = JSON.stringify(rows);
  await tx.query(sql`
    insert into users (id, email, name, password_hash)
    select id, email, name, ${passwordHash} from jsonb_to_recordset(${json}::jsonb) as p (id uuid, email text, name text)`);
  await tx.query(sql`
    insert into sessions (id, user_id, token_hash, user_agent, ip, expires_at)
    select "sessionId", id, sha256(convert_to(session, 'UTF8')), '', '', now() + interval '1 day'
    from jsonb_to_recordset(${json}::jsonb) as p (id uuid, "sessionId" uuid, session text)`);
  const tokens = rows.flatMap(({ id, tokenId, tokens: values }) => [
    { id: tokenId, userId: id, scope: 'read', value: values.read },
    { id: newId(), userId: id, scope: 'write', value: values.write },
    { id: newId(), userId: id, scope: 'admin', value: values.admin },
  ]);
  await tx.query(sql`
    insert into api_tokens (id, user_id, name, token_hash, scopes)
    select id, "userId", scope, sha256(convert_to(value, 'UTF8')), array[scope]
    from jsonb_to_recordset(${JSON.stringify(tokens)}::jsonb) as p (id uuid, "userId" uuid, scope text, value text)`);
}

const roles = {
  owner: 'owner',
  admin: 'admin',
  lead: 'member',
  member: 'member',
  visitor: 'member',
  guest: 'guest',
  extra: 'member',
} as const;

async function insertWorkspaces(tx: Executor, world: World): Promise<void> {
  const { people, workspaceId, otherWorkspaceId } = world;
  const ids = [workspaceId, otherWorkspaceId];
  await tx.query(sql`
    insert into workspaces (id, slug, name) select id, 'w-' || id, 'Works' from unnest(${ids}::uuid[]) as w (id)`);
  await tx.query(sql`
    insert into workspace_slugs (slug, workspace_id) select 'w-' || id, id from unnest(${ids}::uuid[]) as w (id)`);
  await tx.query(sql`insert into activity_counters (workspace_id) select unnest(${ids}::uuid[])`);
  const memberships = [
    ...Object.entries(roles).map(([name, role]) => ({ workspaceId, role, userId: idOf(world, name) })),
    { workspaceId: otherWorkspaceId, userId: people.outsider.id, role: 'owner' },
  ];
  await tx.query(sql`
    insert into memberships (workspace_id, user_id, role)
    select "workspaceId", "userId", role
    from jsonb_to_recordset(${JSON.stringify(memberships)}::jsonb)
      as m ("workspaceId" uuid, "userId" uuid, role workspace_role)`);
  await tx.query(sql`
    insert into labels (id, workspace_id, name, color) values (${world.labelId}, ${workspaceId}, 'bug', '#ff0000')`);
  await tx.query(sql`
    insert into invitations (id, workspace_id, email, role, token_hash, invited_by, expires_at)
    values (${world.invitationId}, ${workspaceId}, 'somebody@example.com', 'member',
      sha256(convert_to(${world.invitationToken}, 'UTF8')), ${people.owner.id}, now() + interval '1 day')`);
}

function idOf({ people }: World, name: string): string {
  const found = personNames.find((known) => known === name);
  if (found === undefined) {
    throw new RangeError(`there is no ${name}`);
  }
  return people[found].id;
}

async function insertProject(
  tx: Executor,
  world: World,
  project: WorldProject,
  visibility: 'workspace' | 'private',
  members: Readonly<Partial<Record<PersonName, 'lead' | 'member' | 'guest'>>>,
): Promise<void> {
  const { workspaceId, people } = world;
  const { id, key, statusId, spareStatusId, taskId, otherTaskId } = project;
  await tx.query(sql`
    insert into projects (id, workspace_id, key, name, color, visibility)
    values (${id}, ${workspaceId}, ${key}, ${key}, '#5e6ad2', ${visibility})`);
  await tx.query(sql`
    insert into project_keys (workspace_id, key, project_id) values (${workspaceId}, ${key}, ${id})`);
  await tx.query(sql`insert into task_counters (project_id, last_number) values (${id}, 2)`);
  const memberships = Object.entries(members).map(([name, role]) => ({ userId: idOf(world, name), role }));
  await tx.query(sql`
    insert into project_members (workspace_id, project_id, user_id, role)
    select ${workspaceId}, ${id}, "userId", role
    from jsonb_to_recordset(${JSON.stringify(memberships)}::jsonb) as m ("userId" uuid, role project_role)`);
  await tx.query(sql`
    insert into statuses (id, workspace_id, project_id, name, category, color, position)
    values (${statusId}, ${workspaceId}, ${id}, 'To do', 'unstarted', '#5e6ad2', 0),
      (${spareStatusId}, ${workspaceId}, ${id}, 'Done', 'completed', '#2f9e5b', 1)`);
  await tx.query(sql`
    insert into tasks (id, workspace_id, project_id, number, title, status_id, category, rank, created_by)
    values (${taskId}, ${workspaceId}, ${id}, 1, 'First', ${statusId}, 'unstarted', 'a0', ${people.owner.id}),
      (${otherTaskId}, ${workspaceId}, ${id}, 2, 'Other', ${statusId}, 'unstarted', 'a1', ${people.owner.id})`);
  await tx.query(sql`
    insert into task_links (id, workspace_id, type, from_task_id, to_task_id, created_by)
    values (${project.linkId}, ${workspaceId}, 'blocks', ${taskId}, ${otherTaskId}, ${people.owner.id})`);
  const comments = personNames.map((name) => ({ id: project.commentIds[name], authorId: people[name].id }));
  await tx.query(sql`
    insert into comments (id, workspace_id, task_id, author_id, body)
    select id, ${workspaceId}, ${taskId}, "authorId", 'Hello'
    from jsonb_to_recordset(${JSON.stringify(comments)}::jsonb) as c (id uuid, "authorId" uuid)`);
}
