import { DomainError } from '@taskflow/domain';
import { type Endpoint, stream } from '../http/endpoint.ts';
import type { LiveHub } from './live-hub.ts';
import { openStream } from './live-stream.ts';

/**
 * Where a client's copy of the stream ends: a browser that reconnects says it in a header, and that is newer than
 * what its address says.
 *
 * @throws DomainError `invalid` for a header that is no number
 */
function resumePoint(header: string | string[] | undefined, query: number | undefined): number | undefined {
  const text = typeof header === 'string' ? header.trim() : '';
  if (text === '') {
    return query;
  }
  const number = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  if (number === undefined) {
    throw new DomainError('invalid', undefined, {
      fields: [{ path: 'headers.last-event-id', message: 'must be the id of an event of this stream' }],
    });
  }
  return number;
}

/** The stream of what happens in a workspace. */
export const liveEndpoints = (hub: Pick<LiveHub, 'connect'>): Endpoint[] => [
  stream('GET /workspaces/{id}/events', 'workspace', async ({ access, query, headers, incoming, response }) => {
    const resumeAfter = resumePoint(headers['last-event-id'], query.lastEventId);
    if (incoming.method === 'HEAD') {
      response
        .writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' })
        .end();
    } else if (!response.destroyed) {
      hub.connect({ access, resumeAfter, open: () => openStream(response) });
    }
  }),
];
