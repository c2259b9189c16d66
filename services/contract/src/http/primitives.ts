import { z } from 'zod';

const wellFormed = (text: string) => text.isWellFormed() && !text.includes('\u0000');
const wellFormedMessage = 'must not contain NUL or unpaired surrogates';

/** One line of text, trimmed: 1 to `max` characters, no line breaks. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max)
    .refine(wellFormed, wellFormedMessage)
    .refine((text) => !/[\r\n\u2028\u2029]/.test(text), 'must be one line');

/** Text of many lines (Markdown): 0 to `max` characters. */
export const prose = (max: number) => z.string().max(max).refine(wellFormed, wellFormedMessage);

/** A UUID; those that TaskFlow makes are version 7 (RFC 9562). */
export const id = z.guid().toLowerCase();

/** An id in a path. Anything that is no id names nothing, so it is answered 404 like a missing resource. */
export const pathId = z.string();

/** An instant as the API answers it: RFC 3339 in UTC with milliseconds. */
export const instant = z.iso.datetime({ precision: 3 });

/** An instant as the API takes it: RFC 3339 with any offset, in the years 1900 to 9999. */
export const instantInput = z.iso
  .datetime({ offset: true, abort: true })
  .refine(isInRange, 'must be in the years 1900 to 9999')
  .transform((text) => new Date(text).toISOString());

function isInRange(text: string): boolean {
  const year = new Date(text).getUTCFullYear();
  return year >= 1900 && year <= 9999;
}

/** An e-mail address, compared without regard to case. */
export const emailAddress = z.string().trim().toLowerCase().max(254).pipe(z.email());

/** The IANA name of a time zone. */
export const timeZoneName = z.string().max(100).refine(isTimeZone, 'is no time zone');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** `#rrggbb`. */
export const color = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/, 'must be #rrggbb')
  .toLowerCase();

/** Counts the changes of a resource, from 1; also its ETag. */
export const version = z.number().int().positive();

/** `true` or `false` in a query. */
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** A query field that holds one or more values separated by commas. */
export const commaList = <Item extends z.ZodType<unknown, string>>(item: Item, max = 50) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(item).min(1).max(max));
