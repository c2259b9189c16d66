import { withoutCode } from './without-code.ts';

/** Somebody who may be mentioned. */
export interface Mentionable {
  readonly id: string;
  readonly name: string;
}

/** An @ that begins a mention: not inside of an e-mail address, a path or another word, and not escaped. */
const at = /(?<![\p{L}\p{M}\p{N}_+%/\\@-])@(?=\S)/gu;
const wordGoesOn = /^[\p{L}\p{M}\p{N}_]/u;

/** Whether a text can mention anybody, so that people need to be read at all. */
export const mayMention = (markdown: string): boolean => markdown.includes('@');

/**
 * The people that `@name` in Markdown names, by id: a full name, or a first name that only one of them has; the
 * longest that fits, whatever its case. People of one full name are all meant, because the text cannot tell them
 * apart. Code mentions nobody.
 */
export function resolveMentions(markdown: string, people: readonly Mentionable[]): string[] {
  const names = namesOf(people);
  const longest = Math.max(0, ...[...names.keys()].map((name) => name.length));
  const text = normalize(withoutCode(markdown));
  const mentioned = new Set<string>();
  for (const { index } of text.matchAll(at)) {
    const rest = text.slice(index + 1, index + 3 + longest);
    for (const id of longestName(rest, names, longest)) {
      mentioned.add(id);
    }
  }
  return [...mentioned].toSorted();
}

/** Case, spelling of accents and kind of white space make no difference. */
const normalize = (text: string) => text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ');

/** Who each name means. */
function namesOf(people: readonly Mentionable[]): Map<string, readonly string[]> {
  const named = people.map(({ id, name }) => ({ id, name: normalize(name).trim() })).filter(({ name }) => name !== '');
  const byFirstName = Map.groupBy(named, ({ name }) => name.split(' ', 1)[0] ?? '');
  const firstNames = [...byFirstName].filter(([, bearers]) => bearers.length === 1);
  const byFullName = Map.groupBy(named, ({ name }) => name);
  return new Map([...firstNames, ...byFullName].map(([name, bearers]) => [name, bearers.map(({ id }) => id)]));
}

function longestName(text: string, names: ReadonlyMap<string, readonly string[]>, longest: number): readonly string[] {
  for (let length = Math.min(longest, text.length); length > 0; length -= 1) {
    const ids = names.get(text.slice(0, length));
    if (ids !== undefined && !wordGoesOn.test(text.slice(length))) {
      return ids;
    }
  }
  return [];
}
