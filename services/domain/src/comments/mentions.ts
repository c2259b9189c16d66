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
  const lengths = [...new Set([...names.keys()].map(({ length }) => length))].toSorted((one, other) => other - one);
  const text = normalize(withoutCode(markdown));
  const mentioned = new Set<string>();
  for (const { index } of text.matchAll(at)) {
    for (const id of longestName(text, index + 1, names, lengths)) {
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

function longestName(
  text: string,
  from: number,
  names: ReadonlyMap<string, readonly string[]>,
  lengths: readonly number[],
): readonly string[] {
  for (const length of lengths) {
    const ids = names.get(text.slice(from, from + length));
    if (ids !== undefined && !wordGoesOn.test(text.slice(from + length, from + length + 2))) {
      return ids;
    }
  }
  return [];
}
