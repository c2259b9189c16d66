import { StringDecoder } from 'node:string_decoder';

const MAX_LINE_LENGTH = 16_384;

/** Cuts a stream of bytes into lines. */
export interface LineSplitter {
  push(chunk: Buffer): string[];
  /** What is left without an end of line. */
  flush(): string[];
}

/**
 * Splits output into lines; a line longer than 16,384 characters is cut, so that output without line ends cannot
 * fill the memory.
 */
export function createLineSplitter(): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    push: (chunk) => {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      const cut: string[] = [];
      while (rest.length > MAX_LINE_LENGTH) {
        cut.push(rest.slice(0, MAX_LINE_LENGTH));
        rest = rest.slice(MAX_LINE_LENGTH);
      }
      return [...lines.map((line) => line.replace(/\r$/, '')), ...cut];
    },
    flush: () => {
      const last = rest + decoder.end();
      rest = '';
      return last === '' ? [] : [last];
    },
  };
}
