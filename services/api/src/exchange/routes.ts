import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Domain } from '@taskflow/domain';
import { type Endpoint, read, stream, write } from '../http/endpoint.ts';
import { page } from '../http/reply.ts';
import { contentDisposition } from './content-disposition.ts';

/** What people ask for that takes a while, and the files that come of it. */
export const exchangeEndpoints = ({ exchange, files }: Pick<Domain, 'exchange' | 'files'>): Endpoint[] => [
  write('POST /jobs', 'caller', async ({ unit, access, body }) => {
    const { id, json } = await exchange.ask(unit, access, body);
    return { status: 202, body: json, location: `/jobs/${id}` };
  }),
  read('GET /workspaces/{id}/asked-jobs', 'workspace', async ({ access, query }) =>
    page(await exchange.list(access, query)),
  ),
  stream('GET /blobs/{id}', 'caller', async ({ access, params, incoming, response }) => {
    const { fileName, mediaType, sizeBytes, content } = await files.open(access, params.id);
    response.writeHead(200, {
      'Content-Type': mediaType,
      'Content-Length': sizeBytes,
      'Content-Disposition': contentDisposition(fileName),
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cache-Control': 'private, no-store',
    });
    if (incoming.method === 'HEAD') {
      response.end();
      return;
    }
    await pipeline(Readable.from(content, { objectMode: false }), response).catch((error: unknown) => {
      // whoever asked has left; anything else is told by cutting the answer short
      if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) {
        throw error;
      }
    });
  }),
];
