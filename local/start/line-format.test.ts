import { describe, expect, it } from 'vitest';
import { formatLogLine } from './line-format.ts';

describe('formatLogLine', () => {
  it('shows a request as what was asked and answered', () => {
    const line = {
      level: 'info',
      route: 'POST /tasks/{id}/move',
      method: 'POST',
      status: 200,
      durationMs: 26.6,
      ip: '::1',
    };
    expect(formatLogLine(JSON.stringify({ ...line, message: 'request' }))).toBe(
      'INFO  POST /tasks/{id}/move 200 in 27 ms',
    );
  });

  it('shows everything that differs of other lines, and the stack of an error', () => {
    const line = {
      level: 50,
      time: 1,
      service: 'api',
      msg: 'failed',
      requestId: 'r1',
      err: { stack: 'Error: no\n  at x' },
    };
    expect(formatLogLine(JSON.stringify(line))).toBe('ERROR failed requestId=r1 Error: no\n  at x');
  });

  it('leaves alone what is no structured line', () => {
    for (const line of ['plain', '{broken', '{"a":1}', '']) {
      expect(formatLogLine(line)).toBe(line);
    }
  });
});
