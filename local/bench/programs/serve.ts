import { createServer, type RequestListener, type Server } from 'node:http';

/** Listens on a free port, tells it to the benchmark, and ends when told to. */
export function serve(handler: RequestListener): Server {
  const server = createServer({ keepAliveTimeout: 65_000 }, handler);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 });
  });
  process.once('SIGTERM', () => process.exit(0));
  process.once('disconnect', () => process.exit(0));
  return server;
}
