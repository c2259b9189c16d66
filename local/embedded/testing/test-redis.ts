import { connect } from 'node:net';
import { inject } from 'vitest';
import { TEST_REDIS_DATABASES } from './coordinates.ts';

const TIMEOUT_MS = 5000;

/**
 * Connection string of an empty logical database that no other test file of this run has. Keys are its own; channels
 * (pub/sub) are shared by the whole server, as they are in production, so name them by an id.
 */
export async function testRedisUrl(): Promise<string> {
  const { redisUrl } = inject('taskflow');
  const url = new URL(redisUrl);
  const turn = Number(/^:(\d+)/.exec(await ask(url, 0, 'INCR test:databases'))?.[1]);
  if (!Number.isInteger(turn)) {
    throw new Error('Redis handed out no database');
  }
  const database = ((turn - 1) % (TEST_REDIS_DATABASES - 1)) + 1;
  await ask(url, database, 'FLUSHDB');
  url.pathname = `/${database}`;
  return url.href;
}

/** Sends one command and answers the last reply line; enough of the protocol to need no client here. */
function ask(url: URL, database: number, command: string): Promise<string> {
  const auth = url.password === '' ? [] : [`AUTH ${decodeURIComponent(url.password)}`];
  const commands = [...auth, `SELECT ${database}`, command];
  return new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port || '6379'), timeout: TIMEOUT_MS });
    let received = '';
    socket.setEncoding('utf8');
    socket.once('connect', () => socket.write(commands.map((line) => `${line}\r\n`).join('')));
    socket.on('data', (chunk: string) => {
      received += chunk;
      const replies = received.split('\r\n');
      if (replies.length > commands.length) {
        socket.destroy();
        const failure = replies.find((reply) => reply.startsWith('-'));
        if (failure === undefined) {
          resolve(replies[commands.length - 1] ?? '');
        } else {
          reject(new Error(`Redis refused a command: ${failure}`));
        }
      }
    });
    socket.once('timeout', () => socket.destroy(new Error('Redis did not answer in time')));
    socket.once('error', reject);
  });
}
