import { DatabaseUnavailableError } from '@taskflow/db';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { JobFailure } from '../job-failure.ts';
import { SupersededError } from '../job-handler.ts';
import { PayloadInvalidError } from '../payload-invalid-error.ts';
import { classify } from './classify.ts';
import { fingerprintOf } from './fingerprint.ts';
import { failedOutcome } from './outcome.ts';
import { retryDelayMs, retrySettingsOf } from './retry-settings.ts';

function errorWith(fields: object, message = 'broken'): Error {
  return Object.assign(new Error(message), fields);
}

describe('the class of an error', () => {
  it.each([
    ['a status of HTTP', errorWith({ status: 503 }), 'HTTP_503', true, true],
    ['a status that will not change', errorWith({ statusCode: 404 }), 'HTTP_404', false, false],
    ['a request to slow down', errorWith({ status: 429 }), 'HTTP_429', true, true],
    ['a mail server that is busy', errorWith({ responseCode: 451 }), 'SMTP_4XX', true, true],
    ['a mail server that refuses', errorWith({ responseCode: 550 }), 'SMTP_5XX', false, false],
    ['a system call', errorWith({ code: 'ECONNREFUSED' }), 'ECONNREFUSED', true, true],
    ['a slow connection', errorWith({ code: 'ETIMEDOUT' }), 'TIMEOUT', true, true],
    [
      'what fetch hides',
      new TypeError('fetch failed', { cause: errorWith({ code: 'ECONNRESET' }) }),
      'ECONNRESET',
      true,
      true,
    ],
    [
      'the first of many',
      new AggregateError([errorWith({ code: 'ENOTFOUND' })], 'all failed'),
      'ENOTFOUND',
      true,
      true,
    ],
    ['a row that must not be', errorWith({ code: '23505', severity: 'ERROR' }), 'PG_23', false, false],
    ['a deadlock', errorWith({ code: '40P01', severity: 'ERROR' }), 'PG_CONFLICT', true, false],
    ['a database that stops', errorWith({ code: '57P01', severity: 'FATAL' }), 'PG_UNAVAILABLE', true, false],
    [
      'a database that is away, whose code any server may have',
      new DatabaseUnavailableError(errorWith({ code: 'ECONNREFUSED' })),
      'PG_UNAVAILABLE',
      true,
      false,
    ],
    [
      'a pool that is used up',
      new Error('Unable to acquire a connection: none came free'),
      'PG_UNAVAILABLE',
      true,
      false,
    ],
    [
      'a job for others that cannot be read',
      new PayloadInvalidError('x', new z.ZodError([])),
      'PAYLOAD_INVALID',
      false,
      false,
    ],
    ['an attempt that is over', new SupersededError('late'), 'SUPERSEDED', true, false],
    ['anything else', new Error('hm'), 'UNKNOWN', true, true],
    ['a code that nobody knows', errorWith({ code: 'E_SOMETHING' }), 'UNKNOWN', true, true],
    ['text', 'thrown', 'UNKNOWN', true, true],
    ['nothing', undefined, 'UNKNOWN', true, true],
  ])('of %s', (_what, error, code, retryable, countsForBreaker) => {
    expect(classify(error)).toMatchObject({ code, retryable, countsForBreaker });
  });

  it('is what a handler says, as long as that is a code', () => {
    const options = { retryable: false, retryAfterMs: 5, countsForBreaker: false };
    expect(classify(new JobFailure('QUOTA', 'no more', options))).toEqual({
      code: 'QUOTA',
      message: 'no more',
      ...options,
    });
    expect(classify(new JobFailure('Quota of bob@example.com', 'no more')).code).toBe('UNKNOWN');
  });

  it('comes with a message that can be stored and shown', () => {
    const { message } = classify(new Error(`cannot reach https://user:secret@host/\u0000 ${'x'.repeat(5_000)}`));
    expect(message).toMatch(/^cannot reach https:\/\/\[redacted\]@host\/ x+$/);
    expect(message.length).toBeLessThanOrEqual(1_010);
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    expect(classify(cyclic).message).toBe('threw a object that cannot be shown');
    expect(classify(Object.assign(new Error('x'), { message: { text: 'no text' } })).message).toBe('Error');
  });
});

describe('the fingerprint of an error', () => {
  it('is the same for the same cause', () => {
    const one = fingerprintOf('t', 'X', 'task 0198c7a0-1111-7000-8000-000000000001 of "Ann" took 31 ms');
    expect(fingerprintOf('t', 'X', 'Task 0198c7a0-2222-7000-8000-000000000002 of "Bob" took 7 ms')).toBe(one);
    expect(fingerprintOf('t', 'X', 'task took long')).not.toBe(one);
    expect(fingerprintOf('t', 'Y', 'task 0198c7a0-1111-7000-8000-000000000001 of "Ann" took 31 ms')).not.toBe(one);
  });
});

describe('the pause before the next attempt', () => {
  const settings = retrySettingsOf({}, { maxAttempts: 3, retryDelayMs: 5_000 });

  it('doubles with each failure, up to a quarter of an hour', () => {
    const delays = [1, 2, 3, 4, 20].map((tries) => retryDelayMs(tries, settings, undefined, () => 0.5));
    expect(delays).toEqual([5_000, 10_000, 20_000, 40_000, 900_000]);
  });

  it('is a quarter shorter or longer by chance', () => {
    expect(retryDelayMs(1, settings, undefined, () => 0)).toBe(3_750);
    expect(retryDelayMs(1, settings, undefined, () => 0.999)).toBeCloseTo(6_250, -1);
  });

  it('is at least what the other side asked for, at most a day', () => {
    expect(retryDelayMs(1, settings, 120_000, () => 0)).toBe(120_000);
    expect(retryDelayMs(1, settings, 10, () => 0.5)).toBe(5_000);
    expect(retryDelayMs(1, settings, Number.NaN, () => 0.5)).toBe(5_000);
    expect(retryDelayMs(1, settings, Number.MAX_SAFE_INTEGER, () => 0)).toBe(86_400_000);
  });

  it('follows the type before the instance', () => {
    const own = retrySettingsOf({ retry: { maxAttempts: 8, delayMs: 100 } }, { maxAttempts: 3, retryDelayMs: 5_000 });
    expect(own).toEqual({ maxAttempts: 8, delayMs: 100, maxDelayMs: 900_000 });
  });
});

describe('the outcome of a failure', () => {
  const failure = classify(new JobFailure('HTTP_503', 'busy'));
  const settings = { maxAttempts: 3, delayMs: 1_000, maxDelayMs: 9_000 };
  const options = { scope: { type: 'hook', scope: 'e1' }, failure, settings, random: () => 0.5 };

  it('is another attempt while there are any, and quarantine with the breaker to blame afterwards', () => {
    expect(failedOutcome({ ...options, tries: 2 })).toMatchObject({
      state: 'retrying',
      delayMs: 2_000,
      reason: undefined,
    });
    expect(failedOutcome({ ...options, tries: 3 })).toMatchObject({
      state: 'quarantined',
      reason: 'exhausted',
      breakerKey: 'hook@e1:HTTP_503',
    });
  });
});
