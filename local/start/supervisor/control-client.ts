import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { type ControlRequest, type ControlResponse, controlResponseSchema } from './control-protocol.ts';

/** No supervisor answers on the socket. */
export class NotRunningError extends Error {
  constructor(options?: ErrorOptions) {
    super('TaskFlow is not running here.', options);
    this.name = 'NotRunningError';
  }
}

/**
 * Sends one request to a running supervisor and waits for its answer.
 *
 * @throws NotRunningError when nothing listens, or it went away before it answered
 */
export function askSupervisor(
  socketPath: string,
  request: ControlRequest,
  timeoutMs: number,
): Promise<ControlResponse> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const deadline = setTimeout(() => {
      socket.destroy();
      reject(new Error(`No answer within ${timeoutMs / 1000} s.`));
    }, timeoutMs);
    socket.once('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.once('error', (error) => reject(new NotRunningError({ cause: error })));
    socket.once('close', () => {
      clearTimeout(deadline);
      reject(new NotRunningError());
    });
    createInterface({ input: socket })
      .once('line', (line) => {
        try {
          resolve(controlResponseSchema.parse(JSON.parse(line)));
        } catch (error) {
          reject(new Error('The answer was not understood: is another version running?', { cause: error }));
        }
        socket.destroy();
      })
      .on('error', () => undefined);
  });
}
