import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const LOOPBACK = '127.0.0.1';

/**
 * Asks the operating system for a loopback port nobody listens on at this moment.
 */
export function findFreePort(): Promise<number> {
  return bindOnce(0);
}

/**
 * Whether a program could listen on this port at this moment.
 *
 * @param host address to listen on, by default IPv4 loopback
 */
export async function isPortFree(port: number, host = LOOPBACK): Promise<boolean> {
  try {
    await bindOnce(port, host);
    return true;
  } catch {
    return false;
  }
}

/**
 * The port to listen on: any free one, or the wanted one once it is free.
 *
 * @param waitMs how long a server that was just killed may hold the wanted one
 * @throws when another program keeps the wanted port
 */
export async function claimPort(wanted: number | undefined, waitMs: number): Promise<number> {
  if (wanted === undefined) {
    return findFreePort();
  }
  const deadline = Date.now() + waitMs;
  while (!(await isPortFree(wanted))) {
    if (Date.now() > deadline) {
      throw new Error(`Port ${wanted} is taken by another program.`);
    }
    await delay(50);
  }
  return wanted;
}

function bindOnce(port: number, host = LOOPBACK): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.unref();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
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
