import { describe, expect, it } from 'vitest';
import { currentContext, runInContext } from './context.ts';
import { createLogger, type Logger, type LogLevel } from './logger.ts';

const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', sampled: false };

const isoTime: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const ownStack: unknown = expect.stringContaining('logger.test.ts');

function capture(level: LogLevel = 'info'): { log: Logger; lines: unknown[]; text: () => string } {
  const lines: unknown[] = [];
  let text = '';
  const write = (line: string): void => {
    text += line;
    lines.push(JSON.parse(line));
  };
  return { log: createLogger({ service: 'api', level, destination: { write } }), lines, text: () => text };
}

describe('createLogger', () => {
  it('writes one JSON line with level, ISO time, service, fields and message', () => {
    const { log, lines } = capture();
    log.info({ status: 200 }, 'request');
    expect(lines).toEqual([
      {
        level: 'info',
        time: isoTime,
        service: 'api',
        status: 200,
        message: 'request',
      },
    ]);
  });

  it('leaves out lines below its level', () => {
    const { log, lines } = capture('warn');
    log.info({}, 'not this');
    log.warn({}, 'this');
    expect(lines).toHaveLength(1);
  });

  it.each([
    { password: 'sekret' },
    { headers: { authorization: 'sekret' } },
    { headers: { 'set-cookie': ['sekret'] } },
    { request: { headers: { cookie: 'sekret' } } },
    { request: { body: { newPassword: 'sekret' } } },
    { user: { passwordHash: 'sekret', token: 'sekret' } },
    { steps: [{ body: { currentPassword: 'sekret' } }] },
    { a: { b: { c: { d: { e: { f: { note: 'sekret' } } } } } } },
    { headers: { Authorization: 'Bearer sekret', 'Proxy-Authorization': 'sekret' } },
  ])('blanks secrets in %j', (fields) => {
    const { log, text } = capture();
    log.error(fields, 'with a secret');
    expect(text()).toContain('[redacted]');
    expect(text()).not.toContain('sekret');
  });

  it('changes nothing that the caller still uses, and keeps ids of tokens', () => {
    const { log, lines } = capture();
    const fields = { tokenId: 'id-1', body: { password: 'sekret', names: ['a', 'b'] } };
    log.info(fields, 'kept');
    expect(fields.body.password).toBe('sekret');
    expect(lines[0]).toMatchObject({ tokenId: 'id-1', body: { password: '[redacted]', names: ['a', 'b'] } });
  });

  it('adds the ids of the running request, also after waiting', async () => {
    const { log, lines } = capture();
    await runInContext({ requestId: 'request-1', trace }, async () => {
      await Promise.resolve();
      const context = currentContext();
      if (context !== undefined) {
        context.userId = 'user-1';
        context.route = '/api/v1/tasks/:id';
      }
      log.info({}, 'inside');
    });
    log.info({}, 'outside');
    expect(lines[0]).toMatchObject({
      requestId: 'request-1',
      traceId: trace.traceId,
      userId: 'user-1',
      route: '/api/v1/tasks/:id',
    });
    expect(lines[1]).not.toHaveProperty('requestId');
  });

  it('gives a child its own fields', () => {
    const { log, lines } = capture();
    log.child({ part: 'database' }).info({}, 'connected');
    expect(lines[0]).toMatchObject({ part: 'database', message: 'connected' });
  });

  it('logs an error with its causes and without what drivers attach to it', () => {
    const { log, lines, text } = capture();
    const cause = Object.assign(new Error('duplicate key'), {
      code: '23505',
      constraint: 'users_email_key',
      detail: 'Key (email)=(ada@example.org) already exists.',
    });
    const error = new Error('could not register', { cause });
    log.error({ err: Object.assign(error, { command: { args: ['ada@example.org'] } }) }, 'failed');
    expect(lines[0]).toMatchObject({
      err: {
        type: 'Error',
        message: 'could not register',
        stack: ownStack,
        cause: { message: 'duplicate key', code: '23505', constraint: 'users_email_key' },
      },
    });
    expect(text()).not.toContain('ada@example.org');
  });

  it('survives errors that are none, and causes that go in circles', () => {
    const { log, lines } = capture();
    const error = new Error('first');
    error.cause = new AggregateError([error], 'second');
    log.error({ err: error }, 'circle');
    log.error({ err: 'just text' }, 'text');
    expect(lines[0]).toMatchObject({ err: { cause: { message: 'second', cause: { message: 'first' } } } });
    expect(lines[1]).toMatchObject({ err: { type: 'string', message: 'just text' } });
  });
});
