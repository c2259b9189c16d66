import { createServer } from 'node:http';

/** An endpoint of webhooks on this machine, which answers what it is told to. */
export interface Endpoint {
  readonly url: string;
  /** `webhook-id` of every request, in order, with the status it got. */
  readonly requests: readonly { readonly id: string; readonly status: number }[];
  /**
   * Decides about all further requests.
   *
   * @param decide the status for the n-th request, from 0; `isFirst` unless its message was sent before
   */
  answer(decide: (n: number, isFirst: boolean) => number): void;
  close(): Promise<void>;
}

/** Starts an endpoint that takes everything. */
export async function startEndpoint(): Promise<Endpoint> {
  const requests: { id: string; status: number }[] = [];
  let decide: Parameters<Endpoint['answer']>[0] = () => 200;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const id = String(request.headers['webhook-id']);
      const status = decide(
        requests.length,
        requests.every((earlier) => earlier.id !== id),
      );
      requests.push({ id, status });
      response.writeHead(status).end(status < 300 ? 'thank you' : 'down for maintenance');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('the endpoint has no port');
  }
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    requests,
    answer(next) {
      decide = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
