import { type RouteKey, routes } from '@taskflow/contract/api';
import type { RouteContract } from '@taskflow/contract/http';
import { problemSchema } from '@taskflow/contract/http';
import { createDatabase, type Database, type Sql, sql } from '@taskflow/db';
import { newId } from '@taskflow/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitKey } from './http/router.ts';
import { startTestApi, type TestApi } from './testing/test-api.ts';
import { createWorld, type PersonName, type World, type WorldProject, worldPassword } from './testing/world.ts';

/**
 * Who calls. The first six are people of the workspace: `lead` leads both projects, `member` is in none of them,
 * `visitor` is a member of the workspace and a guest of both projects, `guest` is a guest of the workspace and of the
 * private project. The outsider owns another workspace; nobody is not signed in. The rest are tokens of the owner and
 * of the outsider, by scope.
 */
const columns = [
  'owner',
  'admin',
  'lead',
  'member',
  'visitor',
  'guest',
  'outsider',
  'nobody',
  'read token',
  'write token',
  'admin token',
  'foreign read token',
  'foreign write token',
  'foreign admin token',
] as const;
type Column = (typeof columns)[number];

/** What a request needs in a world; `who` is the person behind the column. */
interface Request {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What has to happen before. */
  readonly before?: Sql;
}

/** A row: `ok` is the route's own success, `scope` a token without the scope, the rest are statuses. */
interface Row {
  readonly about?: string;
  readonly expected: string;
  readonly request: (world: World, who: PersonName) => Request;
}

// What follows the people: outsider nobody | read write admin token | foreign read write admin token.
const read = '404 401 | ok    ok    ok | 404 404 404';
const write = '404 401 | scope ok    ok | 404 404 404';
const admin = '404 401 | scope scope ok | 404 404 404';
// The same for routes about the caller, who is never an outsider there.
const ownRead = 'ok 401 | ok    ok    ok | ok    ok    ok';
const ownWrite = 'ok 401 | scope ok    ok | scope ok    ok';
const ownAdmin = 'ok 401 | scope scope ok | scope scope ok';
// What a body names is looked for after the scope of the token.
const askedFor = '404 401 | scope ok    ok | scope 404 404';
const anybody = 'ok ok ok ok ok ok | ok ok | ok ok ok | ok ok ok';

const row = (expected: string, request: Row['request'] = () => ({}), about?: string): Row[] => [
  { expected, request, ...(about === undefined ? {} : { about }) },
];

/** A row about the workspace. */
const inWorkspace = (expected: string, more: (world: World, who: PersonName) => Request = () => ({}), about?: string) =>
  row(
    expected,
    (world, who) => {
      const { params, ...request } = more(world, who);
      return { params: { id: world.workspaceId, ...params }, ...request };
    },
    about,
  );

const ofWebhook = (body?: object): Row[] =>
  inWorkspace(`ok ok 403 403 403 403 | ${admin}`, ({ webhookId }) => ({ params: { webhookId }, body }));

type InProject = (project: WorldProject, world: World, who: PersonName) => Request;

/** Two rows: about the open project and about the private one. */
const inProjects = (expected: { readonly open: string; readonly team: string }, request: InProject): Row[] => [
  ...row(expected.open, (world, who) => request(world.open, world, who), 'in an open project'),
  ...row(expected.team, (world, who) => request(world.team, world, who), 'in a private project'),
];

const ofProject =
  (more: InProject = () => ({})): InProject =>
  (project, world, who) => {
    const { params, ...request } = more(project, world, who);
    return { params: { id: project.id, ...params }, ...request };
  };

const ofTask =
  (more: InProject = () => ({})): InProject =>
  (project, world, who) => {
    const { params, ...request } = more(project, world, who);
    return { params: { id: project.taskId, ...params }, ...request };
  };

// owner admin lead member visitor guest
const seen = { open: `ok ok ok ok  ok  404 | ${read}`, team: `ok ok ok 404 ok  ok  | ${read}` };
const worked = { open: `ok ok ok ok  403 404 | ${write}`, team: `ok ok ok 404 403 403 | ${write}` };
const managed = { open: `ok ok ok 403 403 404 | ${write}`, team: `ok ok ok 404 403 403 | ${write}` };
const discussed = { open: `ok ok ok ok  ok  404 | ${write}`, team: `ok ok ok 404 ok  ok  | ${write}` };
const someoneElses = { open: `ok ok 403 403 403 404 | ${write}`, team: `ok ok 403 404 403 403 | ${write}` };
const onlyTheAuthors = {
  open: '403 403 403 403 403 404 | 404 401 | scope 403 403 | 404 404 404',
  team: '403 403 403 404 403 403 | 404 401 | scope 403 403 | 404 404 404',
};

/** Routes for those who operate the instance, whatever they are in a workspace. */
const operators = {
  refused: '403 403 403 403 403 403 | 403 401 | scope scope 403 | scope scope 403',
  answered: 'ok ok ok ok ok ok | ok 401 | scope scope ok | scope scope ok',
};

/** Makes the caller an operator before they ask. */
const makeOperator =
  (request: Row['request'] = () => ({})): Row['request'] =>
  (world, who) => ({
    ...request(world, who),
    before: sql`update users set is_operator = true where id = ${world.people[who].id}`,
  });

/** Two rows of a route that is for operators alone. */
const forOperators = (request?: Row['request']): Row[] => [
  ...row(operators.refused, request, 'for those who do not operate the instance'),
  ...row(operators.answered, makeOperator(request), 'for operators'),
];

const ofExport: Row['request'] = ({ exportJobId }) => ({ params: { id: exportJobId } });
const ofJob: Row['request'] = ({ jobId }) => ({ params: { id: jobId } });
const ofSchedule =
  (body?: object): Row['request'] =>
  ({ scheduleId }) => ({ params: { id: scheduleId }, body });
const ofBreaker =
  (body?: object): Row['request'] =>
  ({ webhookId }) => ({ params: { key: encodeURIComponent(`webhook.deliver@${webhookId}:HTTP_503`) }, body });

const ofMail: Row['request'] = ({ mailId }) => ({ params: { id: mailId } });
const ofUnsubscribeLink: Row['request'] = ({ unsubscribeToken }) => ({ params: { token: unsubscribeToken } });

const deleteRow = (table: Sql, id: string): Sql => sql`update ${table} set deleted_at = now() where id = ${id}`;
const email = () => `${newId()}@example.com`;

const table: Readonly<Record<RouteKey, readonly Row[]>> = {
  'GET /instance': row(anybody),
  'GET /openapi.json': row(anybody),

  'POST /auth/register': row(anybody, () => ({ body: { email: email(), password: worldPassword, name: 'New' } })),
  'POST /auth/login': row(anybody, ({ people }) => ({
    body: { email: people.extra.email, password: worldPassword },
  })),
  'POST /auth/logout': row(anybody),
  'POST /auth/email/verify': row(anybody, ({ verifyToken }) => ({ body: { token: verifyToken } })),
  'POST /auth/email/resend': row(`ok ok ok ok ok ok | ${ownAdmin}`),
  'POST /auth/password/forgot': row(anybody, () => ({ body: { email: email() } })),
  'POST /auth/password/reset': row(anybody, ({ resetToken }) => ({
    body: { token: resetToken, password: 'another password' },
  })),

  'GET /me': row(`ok ok ok ok ok ok | ${ownRead}`),
  'PATCH /me': row(`ok ok ok ok ok ok | ${ownAdmin}`, () => ({ body: { name: 'Renamed' } })),
  'POST /me/password': row(`ok ok ok ok ok ok | ${ownAdmin}`, () => ({
    body: { currentPassword: worldPassword, newPassword: 'another password' },
  })),
  'GET /me/sessions': row(`ok ok ok ok ok ok | ${ownAdmin}`),
  'DELETE /me/sessions': row(`ok ok ok ok ok ok | ${ownAdmin}`),
  'DELETE /me/sessions/{id}': [
    ...row(
      `ok ok ok ok ok ok | ${ownAdmin}`,
      ({ people }, who) => ({ params: { id: people[who].sessionId } }),
      'of the caller',
    ),
    ...row(
      '404 404 404 404 404 404 | 404 401 | scope scope 404 | scope scope 404',
      ({ people }) => ({ params: { id: people.extra.sessionId } }),
      'of somebody else',
    ),
  ],
  'GET /me/tokens': row(`ok ok ok ok ok ok | ${ownAdmin}`),
  'POST /me/tokens': row(`ok ok ok ok ok ok | ${ownAdmin}`, () => ({ body: { name: 'ci', scopes: ['admin'] } })),
  'DELETE /me/tokens/{id}': [
    ...row(
      `ok ok ok ok ok ok | ${ownAdmin}`,
      ({ people }, who) => ({ params: { id: people[who].tokenId } }),
      'of the caller',
    ),
    ...row(
      '404 404 404 404 404 404 | 404 401 | scope scope 404 | scope scope 404',
      ({ people }) => ({ params: { id: people.extra.tokenId } }),
      'of somebody else',
    ),
  ],
  'GET /me/tasks': row(`ok ok ok ok ok ok | ${ownRead}`),
  'GET /me/preferences': row(`ok ok ok ok ok ok | ${ownRead}`),
  'PATCH /me/preferences': row(`ok ok ok ok ok ok | ${ownAdmin}`, () => ({ body: { mailDelivery: 'daily' } })),
  'GET /notifications': row(`ok ok ok ok ok ok | ${ownRead}`),
  'GET /notifications/count': row(`ok ok ok ok ok ok | ${ownRead}`),
  'POST /notifications/read': row(`ok ok ok ok ok ok | ${ownWrite}`, () => ({ body: { all: true } })),

  'GET /me/jobs': row(`ok ok ok ok ok ok | ${ownRead}`),

  'GET /mails': forOperators(),
  'GET /mails/{id}': forOperators(ofMail),
  'POST /mails/{id}/resend': forOperators(ofMail),

  'GET /jobs': forOperators(),
  'GET /jobs/quarantine': forOperators(),
  'POST /jobs/bulk': forOperators(({ jobId }) => ({ body: { filter: { ids: [jobId] }, action: 'release' } })),
  'GET /jobs/{id}': [
    ...row('403 403 403 403 403 403 | 403 401 | 403 403 403 | 403 403 403', ofJob, 'of somebody else'),
    ...row('ok ok ok ok ok ok | ok 401 | ok ok ok | ok ok ok', makeOperator(ofJob), 'for operators'),
    ...row('ok 403 403 403 403 403 | 403 401 | ok ok ok | 403 403 403', ofExport, 'of the caller'),
  ],
  'POST /jobs': [
    ...inProjects(
      { open: `ok ok 403 403 403 404 | ${askedFor}`, team: `ok ok 403 404 403 403 | ${askedFor}` },
      ({ id }) => ({ body: { type: 'project.export', payload: { projectId: id } } }),
    ),
    ...inProjects(
      { open: `ok ok ok ok ok 404 | ${askedFor}`, team: `ok ok ok 404 ok 403 | ${askedFor}` },
      ({ id }) => ({ body: { type: 'report.generate', payload: { kind: 'project-status', projectId: id } } }),
    ),
    ...inProjects(
      { open: `ok 404 404 403 403 404 | ${askedFor}`, team: `ok 404 404 404 403 403 | ${askedFor}` },
      ({ id }, { blobId }) => ({
        body: { type: 'project.import', payload: { projectId: id, fileId: blobId, format: 'csv' } },
      }),
    ),
    ...row(
      `ok ok ok ok ok 403 | ${askedFor}`,
      ({ workspaceId }) => ({ body: { type: 'report.generate', payload: { kind: 'weekly', workspaceId } } }),
      'for a report of the week',
    ),
  ],
  'GET /workspaces/{id}/report-schedules': inWorkspace(`ok ok ok ok ok 403 | ${read}`),
  'POST /workspaces/{id}/report-schedules': inWorkspace(`ok ok ok ok ok 403 | ${write}`, () => ({
    body: { kind: 'weekly', weekday: 1, hour: 8, timeZone: 'Europe/Berlin' },
  })),
  'DELETE /workspaces/{id}/report-schedules/{scheduleId}': inWorkspace(
    `ok 404 404 404 404 403 | ${write}`,
    ({ reportScheduleId }) => ({ params: { scheduleId: reportScheduleId } }),
  ),
  'GET /workspaces/{id}/asked-jobs': inWorkspace(`ok ok ok ok ok ok | ${read}`),
  'POST /projects/{id}/uploads': inProjects(managed, ofProject()),
  'GET /jobs/{id}/problems': row('ok 404 404 404 404 404 | 404 401 | ok ok ok | 404 404 404', ofExport),
  'GET /blobs/{id}': row('ok 404 404 404 404 404 | 404 401 | ok ok ok | 404 404 404', ({ blobId }) => ({
    params: { id: blobId },
  })),
  'GET /jobs/{id}/why': forOperators(ofJob),
  'POST /jobs/{id}/release': forOperators(ofJob),
  'POST /jobs/{id}/retry': forOperators(ofJob),
  'POST /jobs/{id}/discard': forOperators(ofJob),
  'POST /jobs/{id}/cancel': forOperators(ofJob),
  'GET /breakers': forOperators(),
  'GET /breakers/{key}/events': forOperators(ofBreaker()),
  'POST /breakers/{key}/reset': forOperators(ofBreaker()),
  'PUT /breakers/{key}/mode': forOperators(ofBreaker({ mode: 'observe' })),
  'GET /queues': forOperators(),
  'PATCH /job-types/{type}': forOperators(() => ({ params: { type: 'email.send' }, body: { isPaused: true } })),
  'GET /schedules': forOperators(),
  'GET /schedules/{id}': forOperators(ofSchedule()),
  'PATCH /schedules/{id}': forOperators(ofSchedule({ isPaused: true })),
  'POST /schedules/{id}/run': forOperators(ofSchedule()),
  'GET /operations/events': forOperators(),

  'GET /mail/unsubscribe/{token}': row(anybody, ofUnsubscribeLink),
  'POST /mail/unsubscribe/{token}': row(anybody, ofUnsubscribeLink),

  'GET /workspaces': row(`ok ok ok ok ok ok | ${ownRead}`),
  'POST /workspaces': row(`ok ok ok ok ok ok | ${ownWrite}`, () => ({ body: { name: 'New' } })),
  'GET /workspaces/{id}': inWorkspace(`ok ok ok  ok  ok  ok  | ${read}`),
  'PATCH /workspaces/{id}': inWorkspace(`ok ok 403 403 403 403 | ${admin}`, () => ({ body: { name: 'Renamed' } })),
  'DELETE /workspaces/{id}': inWorkspace(`ok 403 403 403 403 403 | ${admin}`),
  'POST /workspaces/{id}/restore': inWorkspace(`ok 403 403 403 403 403 | ${admin}`, ({ workspaceId }) => ({
    before: deleteRow(sql`workspaces`, workspaceId),
  })),
  'GET /workspaces/{id}/members': inWorkspace(`ok ok ok ok ok ok | ${read}`),
  'PATCH /workspaces/{id}/members/{userId}': [
    ...inWorkspace(
      `ok ok 403 403 403 403 | ${admin}`,
      ({ people }) => ({ params: { userId: people.extra.id }, body: { role: 'admin' } }),
      'of a member',
    ),
    ...inWorkspace(
      `ok 403 403 403 403 403 | ${admin}`,
      ({ people }) => ({ params: { userId: people.extra.id }, body: { role: 'owner' } }),
      'to be an owner',
    ),
    ...inWorkspace(
      `ok 403 403 403 403 403 | ${admin}`,
      (world) => ({ params: { userId: world.people.extra.id }, body: { role: 'admin' }, before: makeOwner(world) }),
      'of an owner',
    ),
    ...inWorkspace(
      '404 404 403 403 403 403 | 404 401 | scope scope 404 | 404 404 404',
      ({ people }) => ({ params: { userId: people.outsider.id }, body: { role: 'member' } }),
      'of somebody who is not there',
    ),
  ],
  'DELETE /workspaces/{id}/members/{userId}': [
    ...inWorkspace(
      `ok ok 403 403 403 403 | ${admin}`,
      ({ people }) => ({ params: { userId: people.extra.id } }),
      'of a member',
    ),
    ...inWorkspace(
      `ok 403 403 403 403 403 | ${admin}`,
      (world) => ({ params: { userId: world.people.extra.id }, before: makeOwner(world) }),
      'of an owner',
    ),
    ...inWorkspace(
      `ok ok ok ok ok ok | ${admin}`,
      (world, who) => ({ params: { userId: world.people[who].id }, before: makeOwner(world) }),
      'of the caller',
    ),
  ],
  'GET /workspaces/{id}/invitations': inWorkspace(`ok ok 403 403 403 403 | ${admin}`),
  'POST /workspaces/{id}/invitations': inWorkspace(`ok ok 403 403 403 403 | ${admin}`, () => ({
    body: { email: email(), role: 'admin' },
  })),
  'DELETE /workspaces/{id}/invitations/{invitationId}': inWorkspace(
    `ok ok 403 403 403 403 | ${admin}`,
    ({ invitationId }) => ({ params: { invitationId } }),
  ),
  'GET /workspaces/{id}/webhooks': inWorkspace(`ok ok 403 403 403 403 | ${admin}`),
  'POST /workspaces/{id}/webhooks': inWorkspace(`ok ok 403 403 403 403 | ${admin}`, () => ({
    body: { url: 'https://example.com/another' },
  })),
  'GET /workspaces/{id}/webhooks/{webhookId}': ofWebhook(),
  'PATCH /workspaces/{id}/webhooks/{webhookId}': ofWebhook({ description: 'Changed' }),
  'DELETE /workspaces/{id}/webhooks/{webhookId}': ofWebhook(),
  'POST /workspaces/{id}/webhooks/{webhookId}/rotate-secret': ofWebhook(),
  'POST /workspaces/{id}/webhooks/{webhookId}/ping': ofWebhook(),
  'POST /workspaces/{id}/webhooks/{webhookId}/probe': ofWebhook(),
  'GET /webhooks/{id}/deliveries': row(`ok ok 403 403 403 403 | ${admin}`, ({ webhookId }) => ({
    params: { id: webhookId },
  })),
  'POST /deliveries/{id}/redeliver': row(`ok ok 403 403 403 403 | ${admin}`, ({ deliveryId }) => ({
    params: { id: deliveryId },
  })),

  'GET /invitations/{token}': row(anybody, ({ invitationToken }) => ({ params: { token: invitationToken } })),
  'POST /invitations/{token}/accept': row(`ok ok ok ok ok ok | ${ownWrite}`, ({ invitationToken }) => ({
    params: { token: invitationToken },
  })),

  'GET /workspaces/{id}/labels': inWorkspace(`ok ok ok ok ok ok | ${read}`),
  'POST /workspaces/{id}/labels': inWorkspace(`ok ok ok ok ok 403 | ${write}`, () => ({ body: { name: 'new' } })),
  'PATCH /workspaces/{id}/labels/{labelId}': inWorkspace(`ok ok ok ok ok 403 | ${write}`, ({ labelId }) => ({
    params: { labelId },
    body: { name: 'renamed' },
  })),
  'DELETE /workspaces/{id}/labels/{labelId}': inWorkspace(`ok ok ok ok ok 403 | ${write}`, ({ labelId }) => ({
    params: { labelId },
  })),

  'GET /workspaces/{id}/projects': inWorkspace(`ok ok ok ok ok ok | ${read}`),
  'POST /workspaces/{id}/projects': inWorkspace(`ok ok ok ok ok 403 | ${write}`, () => ({
    body: { name: 'New', key: 'NEW' },
  })),
  'GET /projects/{id}': [
    ...inProjects(seen, ofProject()),
    ...inProjects(seen, ({ key }, { workspaceId }) => ({ params: { id: key }, query: { workspace: workspaceId } })),
  ],
  'PATCH /projects/{id}': inProjects(
    managed,
    ofProject(() => ({ body: { name: 'Renamed' } })),
  ),
  'DELETE /projects/{id}': inProjects(managed, ofProject()),
  'POST /projects/{id}/restore': inProjects(
    managed,
    ofProject(({ id }) => ({ before: deleteRow(sql`projects`, id) })),
  ),
  'GET /projects/{id}/members': inProjects(seen, ofProject()),
  'PUT /projects/{id}/members/{userId}': inProjects(
    managed,
    ofProject((_, { people }) => ({ params: { userId: people.member.id }, body: { role: 'lead' } })),
  ),
  'DELETE /projects/{id}/members/{userId}': inProjects(
    managed,
    ofProject((_, { people }) => ({ params: { userId: people.extra.id } })),
  ),
  'GET /projects/{id}/statuses': inProjects(seen, ofProject()),
  'POST /projects/{id}/statuses': inProjects(
    managed,
    ofProject(() => ({ body: { name: 'Review', category: 'started' } })),
  ),
  'PATCH /projects/{id}/statuses/{statusId}': inProjects(
    managed,
    ofProject(({ statusId }) => ({ params: { statusId }, body: { name: 'Renamed' } })),
  ),
  'DELETE /projects/{id}/statuses/{statusId}': inProjects(
    managed,
    ofProject(({ spareStatusId }) => ({ params: { statusId: spareStatusId } })),
  ),

  'GET /projects/{id}/tasks': inProjects(seen, ofProject()),
  'POST /projects/{id}/tasks': inProjects(
    worked,
    ofProject(() => ({ body: { title: 'New' } })),
  ),
  'GET /workspaces/{id}/tasks': inWorkspace(`ok ok ok ok ok ok | ${read}`),
  'GET /tasks/{id}': [
    ...inProjects(seen, ofTask()),
    ...inProjects(seen, ({ key }, { workspaceId }) => ({
      params: { id: `${key}-1` },
      query: { workspace: workspaceId },
    })),
  ],
  'PATCH /tasks/{id}': inProjects(
    worked,
    ofTask(() => ({ body: { title: 'Renamed' } })),
  ),
  'DELETE /tasks/{id}': inProjects(worked, ofTask()),
  'POST /tasks/{id}/restore': inProjects(
    worked,
    ofTask(({ taskId }) => ({ before: deleteRow(sql`tasks`, taskId) })),
  ),
  'POST /tasks/{id}/move': inProjects(
    worked,
    ofTask(({ spareStatusId }) => ({ body: { statusId: spareStatusId } })),
  ),
  'GET /tasks/{id}/recurrence': inProjects(seen, ofTask()),
  'PUT /tasks/{id}/recurrence': inProjects(
    worked,
    ofTask(({ taskId }) => ({
      body: { rule: 'FREQ=DAILY', mode: 'completion', timeZone: 'UTC' },
      before: sql`update tasks set due_at = now() where id = ${taskId}`,
    })),
  ),
  'DELETE /tasks/{id}/recurrence': inProjects(worked, ofTask()),
  'GET /tasks/{id}/watch': inProjects(seen, ofTask()),
  'PUT /tasks/{id}/watch': inProjects(discussed, ofTask()),
  'DELETE /tasks/{id}/watch': inProjects(discussed, ofTask()),
  'GET /tasks/{id}/links': inProjects(seen, ofTask()),
  'POST /tasks/{id}/links': inProjects(
    worked,
    ofTask(({ otherTaskId }) => ({ body: { type: 'relates', taskId: otherTaskId } })),
  ),
  'DELETE /tasks/{id}/links/{linkId}': inProjects(
    worked,
    ofTask(({ linkId }) => ({ params: { linkId } })),
  ),

  'GET /tasks/{id}/comments': inProjects(seen, ofTask()),
  'POST /tasks/{id}/comments': inProjects(
    discussed,
    ofTask(() => ({ body: { body: 'Hello' } })),
  ),
  'GET /comments/{id}': inProjects(seen, ({ commentIds }) => ({ params: { id: commentIds.extra } })),
  'PATCH /comments/{id}': [
    ...inProjects(discussed, ({ commentIds }, _, who) => ({
      params: { id: commentIds[who] },
      body: { body: 'Edited' },
    })),
    ...inProjects(onlyTheAuthors, ({ commentIds }) => ({ params: { id: commentIds.extra }, body: { body: 'Edited' } })),
  ],
  'DELETE /comments/{id}': [
    ...inProjects(discussed, ({ commentIds }, _, who) => ({ params: { id: commentIds[who] } })),
    ...inProjects(someoneElses, ({ commentIds }) => ({ params: { id: commentIds.extra } })),
  ],
  'POST /comments/{id}/restore': [
    ...inProjects(discussed, ({ commentIds }, _, who) => ({
      params: { id: commentIds[who] },
      before: deleteRow(sql`comments`, commentIds[who]),
    })),
    ...inProjects(someoneElses, ({ commentIds }) => ({
      params: { id: commentIds.extra },
      before: deleteRow(sql`comments`, commentIds.extra),
    })),
  ],

  'GET /tasks/{id}/effects': inProjects(seen, ofTask()),
  'GET /tasks/{id}/activity': inProjects(seen, ofTask()),
  'GET /projects/{id}/activity': inProjects(seen, ofProject()),
  'GET /workspaces/{id}/activity': inWorkspace(`ok ok ok ok ok ok | ${read}`),
  'GET /workspaces/{id}/events': inWorkspace(`ok ok ok ok ok ok | ${read}`),
  'GET /workspaces/{id}/search': inWorkspace(`ok ok ok ok ok ok | ${read}`, () => ({ query: { q: 'first' } })),
};

function makeOwner({ workspaceId, people }: World): Sql {
  return sql`
    update memberships set role = 'owner' where workspace_id = ${workspaceId} and user_id = ${people.extra.id}`;
}

let api: TestApi;
let database: Database;
let passwordHash: string;
let requests = 0;

beforeAll(async () => {
  api = await startTestApi({
    env: { SMTP_URL: 'smtp://mail.test', RATE_LIMIT_READS: '1000000', RATE_LIMIT_WRITES: '1000000' },
  });
  database = createDatabase({
    url: api.database.urls.owner,
    applicationName: 'test',
    pool: { max: 5, acquireTimeoutMs: 20_000 },
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 5_000,
  });
  const somebody = await api.person('Somebody');
  if (somebody.password !== worldPassword) {
    throw new RangeError('people of tests have another password than people of worlds');
  }
  const [hashed] = await database.query<{ password_hash: string }>(
    sql`select password_hash from users where id = ${somebody.id}`,
  );
  passwordHash = hashed?.password_hash ?? '';
});

afterAll(async () => {
  await database.close();
  await api.stop();
});

/** The person behind a column, and how they prove it. */
function caller(world: World, column: Column): { who: PersonName; headers: Record<string, string> } {
  const token = /^(?<foreign>foreign )?(?<scope>read|write|admin) token$/.exec(column)?.groups;
  if (token !== undefined) {
    const who = token['foreign'] === undefined ? 'owner' : 'outsider';
    const { tokens } = world.people[who];
    const scope = token['scope'] === 'read' || token['scope'] === 'write' ? token['scope'] : 'admin';
    return { who, headers: { authorization: `Bearer ${tokens[scope]}` } };
  }
  if (column === 'nobody') {
    return { who: 'extra', headers: {} };
  }
  const who = personOf(column);
  return { who, headers: { cookie: `taskflow=${world.people[who].session}` } };
}

function personOf(column: Column): PersonName {
  const people = ['owner', 'admin', 'lead', 'member', 'visitor', 'guest', 'outsider'] as const;
  return people.find((name) => name === column) ?? 'extra';
}

/** Sends a request and says in a word what came of it. */
async function outcomeOf(key: RouteKey, request: Request, headers: Record<string, string>): Promise<string> {
  const contract: RouteContract = routes[key];
  const { method, path } = splitKey(key);
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => request.params?.[name] ?? '');
  const query = new URLSearchParams(request.query).toString();
  requests += 1;
  const response = await fetch(`${api.baseUrl}/api/v1${filled}${query === '' ? '' : `?${query}`}`, {
    method,
    signal: AbortSignal.timeout(15_000),
    headers: {
      ...headers,
      // everybody from an address of their own: limits have tests of their own
      'x-forwarded-for': `10.9.${requests >> 8}.${requests & 255}`,
      ...(request.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
  });
  if (response.status === contract.success.status) {
    await response.body?.cancel();
    return 'ok';
  }
  const { code } = problemSchema.parse(await response.json());
  const words: Record<string, string> = {
    unauthenticated: '401',
    forbidden: '403',
    insufficient_scope: 'scope',
    not_found: '404',
  };
  return words[code] ?? `${response.status} ${code}`;
}

describe('the table', () => {
  it('has a row for every route, and no other', () => {
    expect(Object.keys(table).toSorted()).toEqual(Object.keys(routes).toSorted());
  });

  it('says something of every caller in every row', () => {
    for (const { expected } of Object.values(table).flat()) {
      expect(wordsOf(expected)).toHaveLength(columns.length);
    }
  });
});

const wordsOf = (expected: string) => expected.split(/[\s|]+/);

describe.each(Object.entries(routes).map(([key]) => key))('%s', (name) => {
  const key = keyOf(name);
  it.each(table[key].map((entry) => [entry.about ?? 'is answered', entry] as const))(
    '%s as the table says',
    async (_, { expected, request }) => {
      const words = wordsOf(expected);
      const shared = await createWorld(database, passwordHash);
      const outcomes = await Promise.all(
        columns.map(async (column, index) => {
          // whoever changes nothing may share a world
          const isChange = !key.startsWith('GET') && words[index] === 'ok';
          const world = isChange ? await createWorld(database, passwordHash) : shared;
          const { who, headers } = caller(world, column);
          const { before, ...sent } = request(world, who);
          if (before !== undefined) {
            await database.query(before);
          }
          return [column, await outcomeOf(key, sent, headers)] as const;
        }),
      );
      expect(Object.fromEntries(outcomes)).toEqual(
        Object.fromEntries(columns.map((column, index) => [column, words[index]])),
      );
    },
  );
});

function keyOf(name: string): RouteKey {
  const known = Object.keys(table).find((key): key is RouteKey => key === name);
  if (known === undefined) {
    throw new RangeError(`${name} is not in the table`);
  }
  return known;
}

describe('what belongs to another tenant', () => {
  it.each<[RouteKey, (world: World) => Readonly<Record<string, string>>, unknown]>([
    ['PATCH /workspaces/{id}/members/{userId}', ({ people }) => ({ userId: people.extra.id }), { role: 'admin' }],
    ['DELETE /workspaces/{id}/members/{userId}', ({ people }) => ({ userId: people.extra.id }), undefined],
    ['DELETE /workspaces/{id}/invitations/{invitationId}', ({ invitationId }) => ({ invitationId }), undefined],
    ['PATCH /workspaces/{id}/labels/{labelId}', ({ labelId }) => ({ labelId }), { name: 'stolen' }],
    ['DELETE /workspaces/{id}/labels/{labelId}', ({ labelId }) => ({ labelId }), undefined],
    ['PATCH /workspaces/{id}/webhooks/{webhookId}', ({ webhookId }) => ({ webhookId }), { url: 'https://a.example' }],
    ['POST /workspaces/{id}/webhooks/{webhookId}/rotate-secret', ({ webhookId }) => ({ webhookId }), undefined],
  ])('is not reached through the own workspace: %s', async (key, ids, body) => {
    const world = await createWorld(database, passwordHash);
    const params = { id: world.otherWorkspaceId, ...ids(world) };
    const { headers } = caller(world, 'outsider');
    expect(await outcomeOf(key, { params, body }, headers)).toBe('404');
  });

  it.each<[RouteKey, (project: WorldProject) => Readonly<Record<string, string>>, unknown]>([
    ['PATCH /projects/{id}/statuses/{statusId}', ({ statusId }) => ({ statusId }), { name: 'stolen' }],
    ['DELETE /projects/{id}/statuses/{statusId}', ({ spareStatusId }) => ({ statusId: spareStatusId }), undefined],
    ['DELETE /tasks/{id}/links/{linkId}', ({ linkId }) => ({ linkId }), undefined],
  ])('is not reached through something of the own: %s', async (key, ids, body) => {
    const [own, other] = await Promise.all([1, 2].map(() => createWorld(database, passwordHash)));
    if (own === undefined || other === undefined) {
      throw new RangeError('two worlds are needed');
    }
    const id = key.includes('/tasks/') ? own.open.taskId : own.open.id;
    const { headers } = caller(own, 'owner');
    expect(await outcomeOf(key, { params: { id, ...ids(other.open) }, body }, headers)).toBe('404');
    // nor what is in another project of the same workspace
    expect(await outcomeOf(key, { params: { id, ...ids(own.team) }, body }, headers)).toBe('404');
  });
});
