import type { ServerResponse } from 'node:http';
import type { Frame } from './frames.ts';

/** A stream to one reader. */
export interface LiveStream {
  /** More is waiting to be sent than the connection takes at once (64 KB): nothing may be written until it drains. */
  readonly isFull: boolean;
  write(frame: Frame): void;
  /** Writes the last frame and ends the stream. */
  end(frame: Frame): void;
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
 *
 * Frames bring their chunk with them, so they go straight to the socket: that takes a third less CPU than letting the
 * response put three pieces together for each of thousands of readers. Where the answer is not chunked (HTTP/1.0), or
 * the socket is still busy with an earlier answer, the response writes them.
 */
export function openStream(response: ServerResponse): LiveStream {
  response.writeHead(200, headers);
  response.flushHeaders();
  // a reader that went away shows as 'close'; what it missed it asks for when it is back
  response.on('error', () => response.destroy());
  const { socket } = response;
  const direct = response.chunkedEncoding && socket !== null ? socket : undefined;
  return {
    get isFull() {
      return (direct ?? response).writableNeedDrain;
    },
    write(frame) {
      if (direct === undefined) {
        response.write(frame.bytes);
      } else if (!response.writableEnded) {
        direct.write(frame.chunk);
      }
    },
    end: (frame) => void response.end(frame.bytes),
    destroy: () => void response.destroy(),
    onDrain(listener) {
      const source = direct ?? response;
      source.on('drain', listener);
      response.once('close', () => source.off('drain', listener));
    },
    onClose: (listener) => void response.once('close', listener),
  };
}
