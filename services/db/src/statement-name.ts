import { createHash } from 'node:crypto';

const maximumCached = 2_000;

/**
 * Derives names of prepared statements. PostgreSQL keeps a statement per connection under its name
 * and the driver refuses one name with two texts, so the name carries a hash of the text; names are
 * cut to PostgreSQL's 63 bytes.
 */
export function createStatementNamer(): (name: string, text: string) => string {
  const cache = new Map<string, string>();
  return (name, text) => {
    const key = `${name}\n${text}`;
    const known = cache.get(key);
    if (known !== undefined) {
      return known;
    }
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const derived = `${name.slice(0, 40)}-${hash}`;
    if (cache.size >= maximumCached) {
      cache.clear();
    }
    cache.set(key, derived);
    return derived;
  };
}
