import type { RequestListener, Server } from 'node:http';
import type { LifecyclePart } from '@taskflow/resilience';

// an import statement would also load Node's fetch and WebSocket, 30 ms of every start, for names that nobody uses
const { createServer } = process.getBuiltinModule('node:http');

/** Longer than the proxy's (60 s), so that it is never the server that closes a connection just as it is reused. */
const keepAliveTimeoutMs = 65_000;

/** Options of {@link httpServerPart}. */
interface HttpServerOptions {
  readonly port: number;
  readonly host: string;
  readonly handler: RequestListener;
  /** Told the port when it listens. */
  readonly onListening: (port: number) => void;
}

/** The server that people and proxies speak to. Stopping it lets requests finish and refuses new connections. */
export function httpServerPart({ port, host, handler, onListening }: HttpServerOptions): LifecyclePart {
  const server = createServer(
    { keepAliveTimeout: keepAliveTimeoutMs, headersTimeout: 30_000, requestTimeout: 60_000 },
    handler,
  );
  return {
    name: 'http',
    async start() {
      await listen(server, port, host);
      const address = server.address();
      onListening(typeof address === 'object' && address !== null ? address.port : port);
    },
    async stop(signal) {
      if (!server.listening) {
        return;
      }
      signal.addEventListener('abort', () => server.closeAllConnections(), { once: true });
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      // a connection whose request was under way becomes idle only later, and would then be kept for the next one
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      await closed;
      clearInterval(sweep);
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await listening;
  server.off('error', reject);
}
