/** Baseline of `live`: keeps every response, and writes one and the same buffer to all of them in a loop. */
import type { ServerResponse } from 'node:http';
import { serve } from './serve.ts';

const responses: ServerResponse[] = [];

serve((_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.flushHeaders();
  responses.push(response);
});

process.on('message', (message) => {
  if (typeof message === 'object' && message !== null && 'frame' in message) {
    const buffer = Buffer.from(String(message.frame));
    for (const response of responses) {
      response.write(buffer);
    }
  }
});
