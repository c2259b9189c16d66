import type { LiveEndReason } from '@taskflow/contract/activity';

/** Bytes of a stream, made once for all its readers. */
export interface Frame {
  /** The frame as a chunk of HTTP/1.1 (RFC 9112, 7.1). */
  readonly chunk: Buffer;
  /** The frame alone; the same memory. */
  readonly bytes: Buffer;
}

function toFrame(text: string): Frame {
  const size = Buffer.byteLength(text);
  const head = `${size.toString(16)}\r\n`;
  const chunk = Buffer.from(`${head}${text}\r\n`, 'utf8');
  return { chunk, bytes: chunk.subarray(head.length, head.length + size) };
}

/** A `data:` field is one line; JSON needs its line breaks nowhere. */
const oneLine = (json: string): string => (/[\r\n]/.test(json) ? json.replace(/[\r\n]+/g, ' ') : json);

/** A message as every reader gets it (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export const messageFrame = (number: number, json: string): Frame =>
  toFrame(`id: ${number}\ndata: ${oneLine(json)}\n\n`);

/** Opens a stream: whatever comes next happened after `number`. */
export const readyFrame = (number: number, retryMs: number): Frame =>
  toFrame(`retry: ${retryMs}\nevent: ready\nid: ${number}\ndata: {"lastEventId":${number}}\n\n`);

/** The reader missed more than is sent again, or may see more than before: it reads everything anew. */
export const resyncFrame = (number: number): Frame =>
  toFrame(`event: resync\nid: ${number}\ndata: {"lastEventId":${number}}\n\n`);

/**
 * Keeps proxies from closing a quiet stream. An `id` without data dispatches nothing, but moves the reader on past
 * what it may not see.
 */
export const heartbeatFrame = (number: number): Frame => toFrame(`: still here\nid: ${number}\n\n`);

/** The last words of a stream. @param retryMs when to come back, unless the reader should not */
export const endFrame = (reason: LiveEndReason, retryMs?: number): Frame =>
  toFrame(`${retryMs === undefined ? '' : `retry: ${retryMs}\n`}event: end\ndata: {"reason":"${reason}"}\n\n`);

/** The end of a stream that is to be taken up again. @param retryMs when to come back */
export const pauseFrame = (retryMs: number): Frame => toFrame(`retry: ${retryMs}\n\n`);
