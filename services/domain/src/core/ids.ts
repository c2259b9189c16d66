import { v7 } from 'uuid';

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text from a path can be an id. One that cannot names nothing, and must not reach PostgreSQL as a uuid. */
export const isId = (text: string): boolean => idPattern.test(text);

const namePattern = /^[A-Za-z0-9-]{1,100}$/;

/** Whether a text from a path can be a slug or a key. One that cannot names nothing. */
export const canBeName = (text: string): boolean => namePattern.test(text);

/** A new id: UUID version 7 (RFC 9562), so that ids are in the order in which they were made. */
export const newId = (): string => v7();

/** Lies before every id that is made at this instant or later, and after all that were made before. @param atMs since 1970 */
export function oldestIdAt(atMs: number): string {
  const hex = Math.trunc(atMs).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
