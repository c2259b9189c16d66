/** No endpoint may ask for a longer pause. */
const longestMs = 3_600_000;

/**
 * What `Retry-After` (RFC 9110, 10.2.3: seconds, or a date) asks for, at most an hour.
 *
 * @returns undefined when it is missing, in the past or no such thing
 */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) {
    return undefined;
  }
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now.getTime();
  return waitMs > 0 ? Math.min(waitMs, longestMs) : undefined;
}
