import { createServer, type RequestListener, type Server } from 'node:http';
import { createApiProxy } from './api-proxy.ts';
import { createStaticHandler } from './static-files.ts';

/** Settings of {@link startWebServer}. */
export interface WebServerOptions {
  /** Address to listen on. @default both loopback addresses */
  readonly host?: string | undefined;
  readonly port: number;
  readonly apiPort: number;
  /** The built web app. */
  readonly staticDirectory: string;
}

/** A running web server. */
export interface WebServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves the web app and passes `/api` on, with the cache and security rules that the
 * production front has.
 *
 * @throws when the port is taken
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const proxy = createApiProxy(options.apiPort);
  const files = createStaticHandler(options.staticDirectory);
  const listener: RequestListener = (request, response) => {
    if (/^\/api(?:[/?]|$)/.test(request.url ?? '')) {
      proxy.handle(request, response);
      return;
    }
    files(request, response).catch(() => response.destroy());
  };
  const first = await listen(listener, options.port, options.host ?? '127.0.0.1');
  const address = first.address();
  const port = address === null || typeof address === 'string' ? options.port : address.port;
  // Machines without IPv6 have no second address.
  const second = options.host === undefined ? await listen(listener, port, '::1').catch(() => undefined) : undefined;
  const servers = second === undefined ? [first] : [first, second];
  return {
    port,
    close: async () => {
      await Promise.all(servers.map(close));
      proxy.close();
    },
  };
}

function listen(listener: RequestListener, port: number, host: string): Promise<Server> {
  // Longer than any proxy in front keeps a connection, so that it is never closed under a request.
  const server = createServer({ keepAliveTimeout: 65_000, noDelay: true }, listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Streams of events never end by themselves; the browser comes back for them.
    server.closeAllConnections();
  });
}
