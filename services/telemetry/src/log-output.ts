import { type DestinationStream, pino } from 'pino';

const mostWaiting = 16_384;
const longestWaitMs = 200;

/**
 * Standard output, written in pieces of 16 KiB, at least five times a second, and when the process exits for whatever
 * reason: a write of its own for every line cost a small request a tenth of its CPU. Only a kill -9 loses what waits.
 * pino calls `flushSync` after a fatal line.
 */
export function createLogOutput(): DestinationStream & { flushSync(): void } {
  // waits for a reader that is slower than we are
  const output = pino.destination({ fd: 1, sync: true });
  let waiting = '';
  function flush(): void {
    if (waiting !== '') {
      const lines = waiting;
      waiting = '';
      output.write(lines);
    }
  }
  setInterval(flush, longestWaitMs).unref();
  function flushSync(): void {
    flush();
    output.flushSync();
  }
  process.once('exit', flushSync);
  return {
    flushSync,
    write(line) {
      waiting += line;
      if (waiting.length >= mostWaiting) {
        flush();
      }
    },
  };
}
