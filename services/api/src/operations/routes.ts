import { jobActions } from '@taskflow/contract/operations';
import { assertOperator, type Domain } from '@taskflow/domain';
import { act, type Endpoint, read, stream, write } from '../http/endpoint.ts';
import { ok, page, value } from '../http/reply.ts';
import { openStream } from '../live/live-stream.ts';
import type { OperationsHub } from './operations-hub.ts';

type Operations = Pick<Domain, 'operations'>['operations'];

/** How operators see and steer what goes on in the background, and what others may know of it. */
export const operationsEndpoints = (
  { operations }: Pick<Domain, 'operations'>,
  hub: Pick<OperationsHub, 'connect'>,
): Endpoint[] => [
  ...jobEndpoints(operations),
  ...breakerEndpoints(operations),
  ...systemEndpoints(operations),
  stream('GET /operations/events', 'caller', async ({ access, incoming, response }) => {
    assertOperator(access);
    if (incoming.method === 'HEAD') {
      response
        .writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' })
        .end();
    } else if (!response.destroyed) {
      hub.connect(access.caller.userId, () => openStream(response));
    }
  }),
];

const jobEndpoints = ({ jobs }: Pick<Operations, 'jobs'>): Endpoint[] => [
  read('GET /jobs', 'caller', async ({ access, query }) => {
    const { limit, cursor, state, type, reason, fingerprint, workspace, error, breaker } = query;
    const filter = { state, type, reason, fingerprint, workspaceId: workspace, errorCode: error, breakerKey: breaker };
    return page(await jobs.list(access, { limit, cursor }, filter));
  }),
  read('GET /jobs/quarantine', 'caller', async ({ access }) => page(await jobs.quarantine(access))),
  act('POST /jobs/bulk', 'caller', async ({ access, body }) =>
    value(await jobs.actOnAll(access, body.filter, body.action)),
  ),
  read('GET /jobs/{id}', 'caller', async ({ access, params }) => ({
    status: 200,
    body: await jobs.get(access, params.id),
  })),
  read('GET /jobs/{id}/why', 'caller', async ({ access, params }) => value(await jobs.why(access, params.id))),
  ...jobActions.map((action) =>
    write(`POST /jobs/{id}/${action}`, 'caller', async ({ unit, access, params }) => ({
      status: 200,
      body: await jobs.act(unit, access, params.id, action),
    })),
  ),
  read('GET /me/jobs', 'caller', async ({ access, query }) => page(await jobs.ownJobs(access, query))),
  read('GET /tasks/{id}/effects', 'task', async ({ access, query }) => page(await jobs.effects(access, query))),
];

const breakerEndpoints = ({ breakers }: Pick<Operations, 'breakers'>): Endpoint[] => [
  read('GET /breakers', 'caller', async ({ access }) => value(await breakers.list(access))),
  read('GET /breakers/{key}/events', 'caller', async ({ access, params, query }) =>
    page(await breakers.history(access, params.key, query)),
  ),
  act('POST /breakers/{key}/reset', 'caller', async ({ access, params }) =>
    value(await breakers.reset(access, params.key)),
  ),
  act('PUT /breakers/{key}/mode', 'caller', async ({ access, params, body }) =>
    value(await breakers.setMode(access, params.key, body.mode)),
  ),
];

const systemEndpoints = ({ queues, schedules }: Pick<Operations, 'queues' | 'schedules'>): Endpoint[] => [
  read('GET /queues', 'caller', async ({ access }) => value(await queues.get(access))),
  write('PATCH /job-types/{type}', 'caller', async ({ unit, access, params, body }) =>
    value(await queues.updateType(unit, access, params.type, body)),
  ),
  read('GET /schedules', 'caller', async ({ access, query }) => page(await schedules.list(access, query))),
  read('GET /schedules/{id}', 'caller', async ({ access, params }) => ok(await schedules.get(access, params.id))),
  write('PATCH /schedules/{id}', 'caller', async ({ unit, access, params, body, ifMatch }) =>
    ok(await schedules.update(unit, access, params.id, body, ifMatch)),
  ),
  write('POST /schedules/{id}/run', 'caller', async ({ unit, access, params }) => {
    const asked = await schedules.run(unit, access, params.id);
    return { ...value(asked, 202), location: `/jobs/${asked.jobId}` };
  }),
];
