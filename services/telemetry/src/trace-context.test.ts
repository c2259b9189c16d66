import { describe, expect, it } from 'vitest';
import { childTraceContext, formatTraceparent, parseTraceparent } from './trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

describe('parseTraceparent', () => {
  it('reads what it writes', () => {
    const context = { traceId, spanId, sampled: true };
    expect(parseTraceparent(formatTraceparent(context))).toEqual(context);
  });

  it('takes a later version with more fields for what it knows of it', () => {
    expect(parseTraceparent(`cc-${traceId}-${spanId}-00-what-comes`)).toEqual({ traceId, spanId, sampled: false });
  });

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['the forbidden version', `ff-${traceId}-${spanId}-01`],
    ['more fields than version 00 has', `00-${traceId}-${spanId}-01-more`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['upper case', `00-${traceId.toUpperCase()}-${spanId}-01`],
    ['a short trace', `00-${traceId.slice(1)}-${spanId}-01`],
  ])('ignores %s', (_what, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});

describe('childTraceContext', () => {
  it('never repeats itself', () => {
    const contexts = Array.from({ length: 5_000 }, () => childTraceContext(undefined));
    expect(new Set(contexts.map((context) => context.traceId)).size).toBe(5_000);
    expect(new Set(contexts.map((context) => context.spanId)).size).toBe(5_000);
  });

  const random = (digits: number): string => 'ab'.repeat(digits / 2);

  it('stays in the trace of its parent', () => {
    expect(childTraceContext({ traceId, spanId, sampled: true }, random)).toEqual({
      traceId,
      spanId: 'abababababababab',
      sampled: true,
    });
  });

  it('starts a trace without one', () => {
    expect(childTraceContext(undefined, random).traceId).toBe('ab'.repeat(16));
  });
});
