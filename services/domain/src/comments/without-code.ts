/** Takes the place of code; it is no part of any word. */
const gap = '\u0000';

const quoteOrListMarks = /^(?:[ \t]{0,3}>[ \t]?)*(?:[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)*/;
const listItem = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/;
const fencePattern = /^[ \t]*(`{3,}(?=[^`]*$)|~{3,})/;
const indented = /^(?: {4}| {0,3}\t)/;

/**
 * Markdown without its code: fenced and indented blocks, then spans between equal runs of backticks, as CommonMark 0.31
 * reads them. It looks at every character a bounded number of times, so no text makes it slow.
 *
 * Inside a list, indented lines are taken for its paragraphs and not for code.
 */
export function withoutCode(markdown: string): string {
  const blocks = withoutCodeBlocks(markdown.split(/\r\n|\r|\n/));
  return blocks.map(withoutCodeSpans).join('\n\n');
}

/** The paragraphs that are left; no code span reaches from one into another. */
function withoutCodeBlocks(lines: readonly string[]): string[] {
  const paragraphs: string[][] = [[]];
  let fence: string | undefined;
  let isBlankBefore = true;
  let isInList = false;
  for (const line of lines) {
    const text = line.replace(quoteOrListMarks, '');
    if (fence !== undefined) {
      fence = closes(text, fence) ? undefined : fence;
      continue;
    }
    fence = fencePattern.exec(text)?.[1];
    if (fence !== undefined || text.trim() === '') {
      paragraphs.push([]);
      isBlankBefore = true;
      continue;
    }
    isInList = listItem.test(line) || (isInList && !(isBlankBefore && /^\S/.test(line)));
    if (isBlankBefore && !isInList && indented.test(line)) {
      continue;
    }
    isBlankBefore = false;
    paragraphs.at(-1)?.push(line);
  }
  return paragraphs.filter(({ length }) => length > 0).map((paragraph) => paragraph.join('\n'));
}

function closes(text: string, fence: string): boolean {
  const end = text.trim();
  return end.length >= fence.length && end === end.charAt(0).repeat(end.length) && end.startsWith(fence.charAt(0));
}

function withoutCodeSpans(paragraph: string): string {
  const runs = [...paragraph.matchAll(/`+/g)].map(({ 0: { length }, index }) => ({ length, index }));
  const lastOfLength = new Map(runs.map(({ length }, place) => [length, place]));
  let text = '';
  let from = 0;
  for (let place = 0; place < runs.length; place += 1) {
    const run = runs[place] ?? { length: 0, index: 0 };
    const escaped = isEscaped(paragraph, run.index) ? 1 : 0;
    const length = run.length - escaped;
    if ((lastOfLength.get(length) ?? place) <= place) {
      continue;
    }
    text += paragraph.slice(from, run.index + escaped) + gap;
    do {
      place += 1;
    } while (runs[place]?.length !== length);
    from = (runs[place]?.index ?? 0) + length;
  }
  return text + paragraph.slice(from);
}

/** Inside of code a backslash is a backslash; only an opening run can be escaped. */
function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text[index - 1 - backslashes] === '\\') {
    backslashes += 1;
  }
  return backslashes % 2 === 1;
}
