import { describe, expect, it } from 'vitest';
import { csvLine, unguarded } from './csv.ts';

describe('csvLine', () => {
  it('quotes what would end a cell or a line', () => {
    expect(csvLine(['a', 'b,c', 'd"e', 'f\ng', null, 1.5, ''])).toBe('a,"b,c","d""e","f\ng",,1.5,\r\n');
  });

  it.each(['=1+1', '+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', "'=1", "''=1"])(
    'makes %j a text that comes back',
    (text) => {
      const line = csvLine([text]);
      const cell = line.slice(0, -2).replace(/^"(.*)"$/s, '$1');
      expect(cell).toBe(`'${text}`);
      expect(unguarded(cell)).toBe(text);
    },
  );

  it.each(['-5', '-0.25', "'tis", 'a=b', ''])('leaves %j alone', (text) => {
    expect(csvLine([text])).toBe(`${text}\r\n`);
    expect(unguarded(text)).toBe(text);
  });
});
