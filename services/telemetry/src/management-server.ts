import type { IncomingMessage, ServerResponse } from 'node:http';
import { probePaths } from '@taskflow/contract/platform';
import type { ReadinessReport } from '@taskflow/resilience';
import type { Registry } from 'prom-client';
import type { Logger } from './logger.ts';

// an import statement would also load Node's fetch and WebSocket, 30 ms of every start, for names that nobody uses
const { createServer } = process.getBuiltinModule('node:http');

/** Options of {@link startManagementServer}. */
export interface ManagementServerOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
  readonly registry: Registry;
  /** Asked on every readiness probe; must answer within a probe's timeout. */
  readonly readiness: () => Promise<ReadinessReport>;
  /** False when only a new process helps. @default alive as long as it answers */
  readonly isAlive?: () => boolean;
  readonly log: Logger;
}

/** A running management server. */
export interface ManagementServer {
  readonly port: number;
  /** Stops at once; probes fail from here on. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

function json(status: number, body: unknown): Answer {
  return { status, contentType: 'application/json', body: JSON.stringify(body) };
}

async function answer(request: IncomingMessage, options: ManagementServerOptions): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return json(405, { error: 'only GET and HEAD' });
  }
  switch (request.url?.split('?', 1)[0]) {
    case probePaths.live: {
      const live = options.isAlive?.() ?? true;
      return json(live ? 200 : 503, { live });
    }
    case probePaths.ready: {
      const report = await options.readiness();
      return json(report.ready ? 200 : 503, report);
    }
    case probePaths.metrics:
      return { status: 200, contentType: options.registry.contentType, body: await options.registry.metrics() };
    default:
      return json(404, { error: 'not found' });
  }
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: ManagementServerOptions,
): Promise<void> {
  let result: Answer;
  try {
    result = await answer(request, options);
  } catch (error) {
    options.log.error({ err: error, path: request.url }, 'management request failed');
    result = json(500, { error: 'internal error' });
  }
  response.writeHead(result.status, {
    'content-type': result.contentType,
    'content-length': Buffer.byteLength(result.body),
    'cache-control': 'no-store',
    ...(result.status === 405 && { allow: 'GET, HEAD' }),
  });
  response.end(request.method === 'HEAD' ? undefined : result.body);
}

/**
 * Serves probes and metrics on a port of their own: live as long as the process answers and `isAlive` holds, ready as
 * `readiness` says (503 with the reasons otherwise).
 *
 * @throws when the address is taken
 */
export async function startManagementServer(options: ManagementServerOptions): Promise<ManagementServer> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    void handle(request, response, options);
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(options.port, options.host, resolve);
  await listening;
  server.off('error', reject);
  server.on('error', (error) => options.log.error({ err: error }, 'management server failed'));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close() {
      const { promise: closed, resolve: done } = Promise.withResolvers<void>();
      server.close(() => done());
      server.closeAllConnections();
      return closed;
    },
  };
}
