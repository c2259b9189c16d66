import { createHash } from 'node:crypto';

/** What differs between two errors of one cause: ids, numbers, names in quotes. */
const particulars: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<id>'],
  [/\b[\w.+-]+@[\w-]+\.[\w.-]+/g, '<mail>'],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s'"]+/gi, '<url>'],
  [/"[^"]*"|'[^']*'|`[^`]*`/g, '<text>'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '<hex>'],
  [/\d+(?:\.\d+)*/g, '<n>'],
  [/\s+/g, ' '],
];

/**
 * Tells failures of one cause from others: of one type of job, with one code, and with the same words once ids, numbers,
 * addresses and quoted text are taken out. 16 hexadecimal digits.
 */
export function fingerprintOf(type: string, code: string, message: string): string {
  const words = particulars.reduce((text, [pattern, name]) => text.replace(pattern, name), message.toLowerCase());
  return createHash('sha256').update(`${type}\n${code}\n${words.trim()}`).digest('hex').slice(0, 16);
}
