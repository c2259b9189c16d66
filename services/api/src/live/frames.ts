import type { LiveEndReason } from '@taskflow/contract/activity';

const encode = (text: string): Buffer => Buffer.from(text, 'utf8');

/** A `data:` field is one line; JSON needs its line breaks nowhere. */
const oneLine = (json: string): string => (/[\r\n]/.test(json) ? json.replace(/[\r\n]+/g, ' ') : json);

/** A message as every reader gets it (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export const messageFrame = (number: number, json: string): Buffer =>
  encode(`id: ${number}\ndata: ${oneLine(json)}\n\n`);

/** Opens a stream: whatever comes next happened after `number`. */
export const readyFrame = (number: number, retryMs: number): Buffer =>
  encode(`retry: ${retryMs}\nevent: ready\nid: ${number}\ndata: {"lastEventId":${number}}\n\n`);

/** The reader missed more than is sent again, or may see more than before: it reads everything anew. */
export const resyncFrame = (number: number): Buffer =>
  encode(`event: resync\nid: ${number}\ndata: {"lastEventId":${number}}\n\n`);

/**
 * Keeps proxies from closing a quiet stream. An `id` without data dispatches nothing, but moves the reader on past
 * what it may not see.
 */
export const heartbeatFrame = (number: number): Buffer => encode(`: still here\nid: ${number}\n\n`);

/** The last words of a stream. @param retryMs when to come back, unless the reader should not */
export const endFrame = (reason: LiveEndReason, retryMs?: number): Buffer =>
  encode(`${retryMs === undefined ? '' : `retry: ${retryMs}\n`}event: end\ndata: {"reason":"${reason}"}\n\n`);
