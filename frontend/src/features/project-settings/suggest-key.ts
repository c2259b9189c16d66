const lengthAtMost = 10;

/** A key for a project's name that nobody has yet: initials of several words, the beginning of a single one. */
export function suggestKey(name: string, taken: ReadonlySet<string>): string {
  const words = name
    .normalize('NFD')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9\s-]/g, '')
    .split(/[\s-]+/)
    .filter((word) => word !== '');
  const initials = words.map((word) => word.charAt(0)).join('');
  const first = (words.length > 1 ? initials : (words[0] ?? '').slice(0, 3)).replace(/^[0-9]+/, '').slice(0, 4);
  if (first === '') return '';
  const key = first.length === 1 ? `${first}X` : first;
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? key : `${key.slice(0, lengthAtMost - 2)}${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
