import type { Domain } from '@taskflow/domain';
import { type Endpoint, read, write } from '../http/endpoint.ts';
import { noContent, ok, page } from '../http/reply.ts';

/** Invitations by link. */
export const invitationEndpoints = ({ invitations }: Pick<Domain, 'invitations'>): Endpoint[] => [
  read('GET /workspaces/{id}/invitations', 'workspace', async ({ access, query }) =>
    page(await invitations.list(access, query)),
  ),
  write('POST /workspaces/{id}/invitations', 'workspace', async ({ unit, access, body }) => {
    const { id, json } = await invitations.create(unit, access, body);
    return { status: 201, body: json, location: `/workspaces/${access.workspace.id}/invitations/${id}` };
  }),
  write('DELETE /workspaces/{id}/invitations/{invitationId}', 'workspace', async ({ unit, access, params }) => {
    await invitations.revoke(unit, access, params.invitationId);
    return noContent();
  }),
  read('GET /invitations/{token}', 'public', async ({ params }) => {
    const { json } = await invitations.preview(params.token);
    return { status: 200, body: json };
  }),
  write('POST /invitations/{token}/accept', 'caller', async ({ unit, access, params }) =>
    ok(await invitations.accept(unit, access, params.token)),
  ),
];
