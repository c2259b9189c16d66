import type { SearchHit } from '@taskflow/contract/search';

/** A piece of text, and whether it is what was searched for. */
type Segment = SearchHit['title'][number];

/** Characters that mean something in a regular expression, of JavaScript and of PostgreSQL alike. */
const syntax = /[\\^$.*+?()[\]{}|/]/g;

/** The words of a search that begin a word of a text, as the source of a regular expression; the longest first. */
function wordsPattern(words: readonly string[], wordCharacter: string): string {
  const beginsWithWord = new RegExp('^[\\p{L}\\p{N}]', 'u');
  const alternatives = words
    .toSorted((one, other) => other.length - one.length)
    .map((word) => {
      const escaped = word.replace(syntax, '\\$&');
      return beginsWithWord.test(word) ? `(?<!${wordCharacter})${escaped}` : escaped;
    });
  return `(?:${alternatives.join('|')})`;
}

/** For PostgreSQL's `regexp_instr`, on lower-case text. */
export const sqlPattern = (words: readonly string[]): string => wordsPattern(words, '[[:alnum:]]');

/** For {@link toSegments}: a word of the search with the rest of the word that it begins. */
export function matcher(words: readonly string[]): RegExp {
  return new RegExp(`${wordsPattern(words, '[\\p{L}\\p{N}]')}[\\p{L}\\p{M}\\p{N}_]*`, 'giu');
}

/** Cuts a text where matches begin and end; the pieces together are the text. Without a pattern nothing matches. */
export function toSegments(text: string, pattern: RegExp | undefined): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const { 0: matched, index } of pattern === undefined ? [] : text.matchAll(pattern)) {
    if (index > from) {
      segments.push({ text: text.slice(from, index), match: false });
    }
    segments.push({ text: matched, match: true });
    from = index + matched.length;
  }
  if (from < text.length) {
    segments.push({ text: text.slice(from), match: false });
  }
  return segments;
}

/** A cut-out of a longer text. */
export interface CutOut {
  readonly text: string;
  /** Whether there is text before it and behind it. */
  readonly isCutBefore: boolean;
  readonly isCutAfter: boolean;
}

/** One line that ends in whole words, with an ellipsis where text is missing. */
export function toExcerpt({ text, isCutBefore, isCutAfter }: CutOut): string {
  const line = text.replace(/\s+/g, ' ');
  const begin = isCutBefore ? `…${line.replace(/^\S{1,40}(?= )/, '')}` : line.trimStart();
  return isCutAfter ? `${begin.replace(/(?<= )\S{1,40}$/, '').trimEnd()}…` : begin.trimEnd();
}
