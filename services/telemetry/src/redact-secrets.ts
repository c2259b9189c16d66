/** Names of fields whose values must not be written down: headers, and whatever is called a secret. */
const secretName = /^(?:proxy-)?authorization$|cookie|passw(?:or)?d|secret|token(?!Id)/i;

/** Deeper structures have no place in a log line. */
const deepest = 5;

const redacted = '[redacted]';

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}

function redact(value: object, depth: number): object {
  let copy: [string, unknown][] | undefined;
  const entries = Object.entries(value);
  for (const [index, [key, inner]] of entries.entries()) {
    let replacement: unknown = inner;
    if (secretName.test(key) && !Array.isArray(value)) {
      replacement = redacted;
    } else if (isPlain(inner)) {
      replacement = depth < deepest ? redact(inner, depth + 1) : redacted;
    }
    if (replacement !== inner) {
      copy ??= [...entries];
      copy[index] = [key, replacement];
    }
  }
  if (copy === undefined) {
    return value;
  }
  return Array.isArray(value) ? copy.map(([, inner]) => inner) : Object.fromEntries(copy);
}

/**
 * The fields of a log line without secrets, as a new object: the value of every field whose name says
 * password, token, secret, cookie or authorization is blanked, at any depth; what is nested too deeply
 * to be checked is blanked as a whole.
 */
export function redactSecrets(fields: object): Record<string, unknown> {
  return { ...redact(fields, 0) };
}
