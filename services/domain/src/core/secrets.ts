import { hash, randomBytes } from 'node:crypto';

/** A secret of 256 random bits, safe in addresses, cookies and headers: 43 characters of base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/**
 * What is stored of a secret. One round of SHA-256 is enough, because nobody can guess 256 random bits; passwords,
 * which people choose, go through argon2id instead.
 */
export const hashSecret = (secret: string): Buffer => hash('sha256', secret, 'buffer');

/** A few random letters, for a name that is much in demand: 8 hexadecimal digits. */
export const newSlugSuffix = (): string => randomBytes(4).toString('hex');
