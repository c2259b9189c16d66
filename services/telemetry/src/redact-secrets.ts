/** Names of fields whose values must not be written down: headers, and whatever is called a secret. */
const secretName = /^(?:proxy-)?authorization$|cookie|passw(?:or)?d|secret|token(?!Id)/i;

/** Deeper structures have no place in a log line. */
const deepest = 5;

const redacted = '[redacted]';

type Fields = Readonly<Record<string, unknown>>;

/** Every line has the same few names: what was found out about them is kept, up to a bound for names from outside. */
const verdicts = new Map<string, boolean>();
const mostVerdicts = 1_000;

function isSecretName(name: string): boolean {
  let verdict = verdicts.get(name);
  if (verdict === undefined) {
    verdict = secretName.test(name);
    if (verdicts.size < mostVerdicts) {
      verdicts.set(name, verdict);
    }
  }
  return verdict;
}

function isPlain(value: object): value is Fields {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function redactFields(fields: Fields, depth: number): Fields {
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    const replacement = isSecretName(name) ? redacted : redactValue(value, depth);
    if (replacement !== value) {
      copy ??= { ...fields };
      copy[name] = replacement;
    }
  }
  return copy ?? fields;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || !(Array.isArray(value) || isPlain(value))) {
    return value;
  }
  if (depth >= deepest) {
    return redacted;
  }
  return Array.isArray(value)
    ? value.map((item: unknown) => redactValue(item, depth + 1))
    : redactFields(value, depth + 1);
}

/**
 * The fields of a log line without secrets: the value of every field whose name says password, token, secret, cookie
 * or authorization is blanked, at any depth; what is nested too deeply to be checked is blanked as a whole. What the
 * caller has stays as it is.
 */
export function redactSecrets(fields: Fields): Record<string, unknown> {
  return redactFields(fields, 0);
}
