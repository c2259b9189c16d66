import { z } from 'zod';

/** A whole number within bounds, both included. */
export function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,12}$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message));
}

/** A TCP port; 0 lets the system choose. */
export function port() {
  return wholeNumber(0, 65_535);
}

/** A URL of one of these schemes. */
export function url(...schemes: readonly string[]) {
  const message = `must be a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  return z
    .string()
    .refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.replace(':', '')), message);
}

/** Scheme, host and port of a web address, without a slash at its end. */
export function origin() {
  return url('http', 'https')
    .refine((text) => /^[^/]+:\/\/[^/?#]+\/?$/.test(text), 'must have no path, query or fragment')
    .transform((text) => new URL(text).origin);
}

/** Values separated by commas; blanks around them and empty ones do not count. */
export function commaList(item: z.ZodType<string, string>, message: string) {
  return z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item, message));
}

/** One of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]) {
  return z.enum(words, `must be one of ${words.join(', ')}`);
}

/** A password as PostgreSQL takes it. */
export function password() {
  return z
    .string()
    .min(8, 'must have at least 8 characters')
    .refine((text) => !text.includes('\u0000'), 'must not contain NUL');
}
