import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { maxUploadBytes } from '@taskflow/contract/exchange';
import { type Domain, DomainError } from '@taskflow/domain';
import { type Endpoint, read, stream, write } from '../http/endpoint.ts';
import { noContent, page, value } from '../http/reply.ts';
import { contentDisposition } from './content-disposition.ts';

/** Says so before anything of it is read. @throws DomainError `too_large` */
function refuseLarge({ headers }: IncomingMessage): void {
  if (Number(headers['content-length']) > maxUploadBytes) {
    throw new DomainError('too_large', `A file may have ${maxUploadBytes / 1_048_576} MiB`);
  }
}

/** What people ask for that takes a while, and the files that come of it. */
export const exchangeEndpoints = ({
  exchange,
  files,
  reportSchedules,
  uploads,
}: Pick<Domain, 'exchange' | 'files' | 'reportSchedules' | 'uploads'>): Endpoint[] => [
  write('POST /jobs', 'caller', async ({ unit, access, body }) => {
    const { id, json } = await exchange.ask(unit, access, body);
    return { status: 202, body: json, location: `/jobs/${id}` };
  }),
  read('GET /workspaces/{id}/asked-jobs', 'workspace', async ({ access, query }) =>
    page(await exchange.list(access, query)),
  ),
  read('GET /workspaces/{id}/report-schedules', 'workspace', async ({ access }) =>
    value({ items: await reportSchedules.list(access), nextCursor: null }),
  ),
  write('POST /workspaces/{id}/report-schedules', 'workspace', async ({ unit, access, body }) => ({
    ...value(await reportSchedules.create(unit, access, body), 201),
    location: `/workspaces/${access.workspace.id}/report-schedules`,
  })),
  write('DELETE /workspaces/{id}/report-schedules/{scheduleId}', 'workspace', async ({ unit, access, params }) => {
    await reportSchedules.remove(unit, access, params.scheduleId);
    return noContent();
  }),
  read('GET /jobs/{id}/problems', 'caller', async ({ access, params }) =>
    page(await uploads.problems(access, params.id)),
  ),
  stream('POST /projects/{id}/uploads', 'project', async ({ access, query, incoming, response }) => {
    refuseLarge(incoming);
    // what is too large is refused with an answer, not by hanging up
    const content: AsyncIterable<Buffer> = incoming.iterator({ destroyOnReturn: false });
    const upload = await uploads.upload(access, { name: query.name ?? 'import', content });
    response.writeHead(201, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(JSON.stringify(upload));
  }),
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
