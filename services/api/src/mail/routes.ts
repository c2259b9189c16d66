import type { Domain } from '@taskflow/domain';
import { type Endpoint, read, stream, write } from '../http/endpoint.ts';
import { page, value } from '../http/reply.ts';
import { unsubscribePage } from './unsubscribe-page.ts';

/** Mails for those who operate the instance, and the link by which anybody gets fewer of them. */
export const mailEndpoints = ({ mail }: Pick<Domain, 'mail'>): Endpoint[] => [
  read('GET /mails', 'caller', async ({ access, query }) => page(await mail.list(access, query))),
  read('GET /mails/{id}', 'caller', async ({ access, params }) => ({
    status: 200,
    body: (await mail.get(access, params.id)).json,
  })),
  write('POST /mails/{id}/resend', 'caller', async ({ unit, access, params }) => ({
    status: 200,
    body: (await mail.resend(unit, access, params.id)).json,
  })),
  stream('GET /mail/unsubscribe/{token}', 'public', async ({ params, response }) => {
    const { headers, body } = unsubscribePage(params.token);
    response.writeHead(200, headers).end(body);
  }),
  write('POST /mail/unsubscribe/{token}', 'public', async ({ unit, params }) =>
    value({ topic: await mail.unsubscribe(unit, params.token) }),
  ),
];
