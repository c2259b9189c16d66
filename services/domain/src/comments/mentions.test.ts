import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveMentions } from './mentions.ts';
import { withoutCode } from './without-code.ts';

const people = [
  { id: 'ada', name: 'Ada Lovelace' },
  { id: 'alan', name: 'Alan Turing' },
  { id: 'alan2', name: 'Alan Kay' },
  { id: 'ann', name: 'Ann' },
  { id: 'anna', name: 'Anna Maria  Sørensen' },
  { id: 'jose', name: 'José' },
  { id: 'twin1', name: 'Kim Lee' },
  { id: 'twin2', name: 'kim lee' },
  { id: 'nl', name: "Conan O'Brien-Smith" },
];
const mentions = (text: string) => resolveMentions(text, people);

describe('a mention', () => {
  it.each([
    ['@Ada Lovelace please look', ['ada']],
    ['thanks @ada!', ['ada']],
    ['(@ADA LOVELACE)', ['ada']],
    ["@Ada's idea, @alan turing's too", ['ada', 'alan']],
    ['@anna maria\nsørensen', ['anna']],
    ['@Jose\u0301', ['jose']],
    ["@Conan O'Brien-Smith", ['nl']],
    ['cc:@ann,@ada', ['ada', 'ann']],
    ['@ann, @ann and @Ann', ['ann']],
    ['@Kim Lee', ['twin1', 'twin2']],
    ['**@Ada** and *@Ann*', ['ada', 'ann']],
    ['Done.@Ada', ['ada']],
  ])('is found in %j', (text, ids) => {
    expect(mentions(text)).toEqual(ids);
  });

  it.each([
    ['is nobody', '@nobody and @ alone @'],
    ['is a first name of two', '@Alan, can you'],
    ['goes on', '@Adam, @Annabel, @ada_l, @ann2'],
    ['is an e-mail address', 'write to bob@ada.com or x.y+z@ann'],
    ['is part of a path', 'https://example.com/@ada'],
    ['is escaped', '\\@ada'],
    ['stands in a code span', 'run `@ada` and ``a ` @ann``'],
    ['stands in a code span over two lines', 'run `a\n@ada`'],
    ['stands in a fenced block', 'text\n```js\n@ada\n```\n'],
    ['stands in an unfinished block', '~~~\n@ada\n\n@ann'],
    ['stands in a quoted block', '> ```\n> @ada\n> ```'],
    ['stands in a block of a list', '- one\n  ```\n  @ada\n  ```'],
    ['stands in an indented block', 'text\n\n    @ada\n\n    @ann'],
    ['stands in a code span that ends with a backslash', '`C:\\` `@ada\\`'],
  ])('is none when it %s', (_why, text) => {
    expect(mentions(text)).toEqual([]);
  });

  it.each([
    ['after a code span', '`code` @ada'],
    ['after a block', '```\ncode\n```\n@ada'],
    ['after an unfinished code span', 'a ` b @ada'],
    ['where two paragraphs have a backtick each', 'a ` b\n\n@ada ` c'],
    ['between escaped backticks', '\\`@ada\\`'],
    ['in an indented line that goes on with a paragraph', 'text\n    @ada'],
    ['in a paragraph of a list', '- one\n\n    @ada'],
    ['in a quotation', '> @ada'],
  ])('is found %s', (_where, text) => {
    expect(mentions(text)).toEqual(['ada']);
  });

  it('is found whatever else the text is made of', () => {
    const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('`', '```', '~~~', '\n', '@', '\\', '    '));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        expect(withoutCode(text).length).toBeLessThanOrEqual(text.length * 2 + 2);
        expect(mentions(`@Ada Lovelace\n\n${text}`)).toContain('ada');
      }),
    );
  });

  it('costs about as much as the text is long', () => {
    const size = 50_000;
    for (const unit of [' @a', '`', '` ``', '@', '@a', '\\`', '`\\', '> ', '- ', '1. ', '    \n', '~~~\n', '```` ` ']) {
      const text = unit.repeat(size / unit.length);
      const startedAt = performance.now();
      mentions(text);
      expect([unit, performance.now() - startedAt < 3_000]).toEqual([unit, true]);
    }
  });
});
