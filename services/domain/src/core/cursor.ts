import { hash } from 'node:crypto';
import { z } from 'zod';
import { invalid } from './errors.ts';

/** Where a page ended: the sort key of its last item as text, and its id, which breaks ties. */
export interface Position {
  readonly key: string;
  readonly id: string;
}

const encoded = z.tuple([z.string().max(1_000), z.guid(), z.string().max(32)]);

/** Names the list that a cursor belongs to: its filters and its sort, in a stable order. */
export function fingerprint(parts: unknown): string {
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 16);
}

/** An opaque cursor. It is not signed: a forged one only chooses where to begin among what the caller sees anyway. */
export function encodeCursor(position: Position, list: string): string {
  return Buffer.from(JSON.stringify([position.key, position.id, list])).toString('base64url');
}

/**
 * @param isKey whether a text can be a sort key of this list
 * @throws DomainError `invalid` for a cursor that is broken, forged, or of another list
 */
export function decodeCursor(
  cursor: string | undefined,
  list: string,
  isKey: (key: string) => boolean,
): Position | undefined {
  if (cursor === undefined) {
    return undefined;
  }
  const broken = invalid('query.cursor', 'is not a cursor of this list');
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw broken;
  }
  const result = encoded.safeParse(parsed);
  if (!result.success || result.data[2] !== list || !isKey(result.data[0])) {
    throw broken;
  }
  return { key: result.data[0], id: result.data[1] };
}

/** The years that instants of the product have. */
const instantPattern =
  /^(?<day>(?:19|[2-9]\d)\d\d-\d\d-\d\d)[ T](?<time>(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.\d{1,6})?(?:Z|\+00(?::00)?)$/;

/** Sort keys that are instants, as PostgreSQL prints them in UTC. */
export function isInstantKey(key: string): boolean {
  const { day, time } = instantPattern.exec(key)?.groups ?? {};
  const instant = new Date(`${day}T${time}Z`);
  // a day that the month does not have becomes one of the next
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(`${day}T`);
}
