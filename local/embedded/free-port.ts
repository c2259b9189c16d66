import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';

/**
 * Asks the operating system for a loopback port nobody listens on at this moment.
 */
export function findFreePort(): Promise<number> {
  return bindOnce(0);
}

/**
 * Whether a program could listen on this loopback port at this moment.
 */
export async function isPortFree(port: number): Promise<boolean> {
  try {
    await bindOnce(port);
    return true;
  } catch {
    return false;
  }
}

function bindOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.unref();
    server.once('error', reject);
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') {
          reject(new Error('the operating system gave no port'));
        } else {
          resolve(address.port);
        }
      });
    });
  });
}
