import { z } from 'zod';

/** A whole number within bounds, both included. */
export function wholeNumber(min: number, max: number): z.ZodType<number, string> {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,12}$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message));
}

/** A TCP port; 0 lets the system choose. */
export function port(): z.ZodType<number, string> {
  return wholeNumber(0, 65_535);
}

/** A URL of one of these schemes. */
export function url(...schemes: readonly string[]): z.ZodType<string, string> {
  const message = `must be a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  return z
    .string()
    .refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.replace(':', '')), message);
}

/** Scheme, host and port of a web address, without a slash at its end. */
export function origin(): z.ZodType<string, string> {
  return url('http', 'https')
    .refine((text) => /^[^/]+:\/\/[^/?#]+\/?$/.test(text), 'must have no path, query or fragment')
    .transform((text) => new URL(text).origin);
}

/** Values separated by commas; blanks around them and empty ones do not count. */
export function commaList(item: z.ZodType<string, string>): z.ZodType<string[], string> {
  return z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item));
}

/** One of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): z.ZodType<Word, string> {
  return z.enum(words, `must be one of ${words.join(', ')}`);
}

/** A password as PostgreSQL takes it. */
export function password(): z.ZodType<string, string> {
  return z
    .string()
    .min(8, 'must have at least 8 characters')
    .regex(/^[\x20-\x7e]*$/, 'must be printable ASCII');
}

/** A mail address, alone or as `Name <address>`. */
export function mailbox(): z.ZodType<string, string> {
  const message = 'must be an e-mail address or look like Name <address>';
  return z
    .string()
    .trim()
    .refine((text) => z.email().safeParse(/^[^<>"\r\n]+ <([^<>]+)>$/.exec(text)?.[1] ?? text).success, message);
}

/** A range of IP addresses, as in 10.1.0.0/16 or fd00::/8. */
export function cidr(): z.ZodType<string, string> {
  return z.union([z.cidrv4(), z.cidrv6()], 'must be ranges of addresses like 10.1.0.0/16');
}

/** Where files are kept. */
export type StorageLocation = { readonly kind: 'postgres' } | { readonly kind: 'file'; readonly directory: string };

/** `postgres:`, or `file:` with the absolute path of a directory. */
export function storageLocation(): z.ZodType<StorageLocation, string> {
  const message = 'must be postgres: or file:///path';
  return z
    .string()
    .refine((text) => text === 'postgres:' || /^file:\/\/\/[^?#]+$/.test(text), message)
    .transform(
      (text): StorageLocation =>
        text === 'postgres:'
          ? { kind: 'postgres' }
          : { kind: 'file', directory: decodeURIComponent(new URL(text).pathname) },
    );
}
