import type { ServerResponse } from 'node:http';

/** A stream to one reader. */
export interface LiveStream {
  /** More is waiting to be sent than the connection takes at once (64 KB): nothing may be written until it drains. */
  readonly isFull: boolean;
  write(frame: Buffer): void;
  /** Writes the last frame and ends the stream. */
  end(frame: Buffer): void;
  /** Cuts the connection with whatever waits to be sent. */
  destroy(): void;
  /** Calls back each time that the stream was full and no longer is. */
  onDrain(listener: () => void): void;
  /** Calls back once, when the stream has ended for whatever reason. */
  onClose(listener: () => void): void;
}

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // nginx would collect the stream before passing it on
  'X-Accel-Buffering': 'no',
};

/**
 * Begins a stream of server-sent events on a response that nobody else writes to; headers set before stay. What Node
 * buffers for a socket is 64 KB unless the server says otherwise.
 */
export function openStream(response: ServerResponse): LiveStream {
  response.writeHead(200, headers);
  response.flushHeaders();
  // a reader that went away shows as 'close'; what it missed it asks for when it is back
  response.on('error', () => response.destroy());
  return {
    get isFull() {
      return response.writableNeedDrain;
    },
    write: (frame) => void response.write(frame),
    end: (frame) => void response.end(frame),
    destroy: () => void response.destroy(),
    onDrain: (listener) => void response.on('drain', listener),
    onClose: (listener) => void response.once('close', listener),
  };
}
