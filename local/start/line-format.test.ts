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

  it('shows a job as what was done', () => {
    const line = { level: 'info', message: 'job', jobId: 'j1', type: 'email.send', attempt: 1, outcome: 'succeeded' };
    expect(formatLogLine(JSON.stringify({ ...line, durationMs: 120.4 }))).toBe('INFO  email.send succeeded in 120 ms');
    expect(formatLogLine(JSON.stringify({ ...line, attempt: 3, durationMs: 7 }))).toBe(
      'INFO  email.send succeeded at attempt 3 in 7 ms',
    );
    expect(formatLogLine(JSON.stringify({ ...line, level: 'warn', durationMs: 7 }))).toContain('jobId=j1');
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
