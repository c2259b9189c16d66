/** Reads an address's query as plain text values, so that it stays readable: `?priority=high,urgent&task=OPS-42`. */
export function parseSearch(text: string): Record<string, unknown> {
  return Object.fromEntries(new URLSearchParams(text));
}

/** The opposite of {@link parseSearch}: lists become words separated by commas. */
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    const words = Array.isArray(value) ? value.join(',') : value;
    if (typeof words === 'string' && words !== '') params.set(name, words);
  }
  const text = params.toString().replaceAll('%2C', ',');
  return text === '' ? '' : `?${text}`;
}
