/** Fields whose values open something. */
const secretName = /authorization|cookie|passw(?:or)?d|secret|token|api.?key|signature|link/i;
/** Fields that hold what people wrote to each other. */
const contentName = /^(?:text|html|body|requestBody|responseBody|content)$/;
/** Values that give themselves away wherever they stand. */
const secretValue = /^(?:tf_|whsec_|bearer\s|basic\s)/i;

const redacted = '[redacted]';
const deepest = 6;
const longestText = 500;
const mostItems = 50;

/**
 * What operators see of a job's payload or result: without secrets, tokens and contents of mails, whatever their depth,
 * and of a size that can be looked at.
 */
export function redactPayload(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') {
    return redactText(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (depth >= deepest) {
    return redacted;
  }
  if (Array.isArray(value)) {
    const shown = value.slice(0, mostItems).map((item: unknown) => redactPayload(item, depth + 1));
    return value.length > mostItems ? [...shown, `… ${value.length - mostItems} more`] : shown;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, field]: [string, unknown]) => [
      name,
      isHidden(name, field) ? redacted : redactPayload(field, depth + 1),
    ]),
  );
}

const isHidden = (name: string, value: unknown): boolean =>
  value !== null && typeof value !== 'boolean' && (secretName.test(name) || contentName.test(name));

function redactText(text: string): string {
  if (secretValue.test(text)) {
    return redacted;
  }
  return text.length > longestText ? `${text.slice(0, longestText)}… (${text.length} characters)` : text;
}
