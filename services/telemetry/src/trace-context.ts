import { randomBytes } from 'node:crypto';

/** Where in a distributed trace something happens (https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Reads a `traceparent` header; `undefined` when it is absent or invalid, so that a new trace starts. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  if (header === undefined) {
    return undefined;
  }
  const [, version, traceId, spanId, flags, rest] = pattern.exec(header) ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) {
    return undefined;
  }
  const isInvalid =
    version === 'ff' || (version === '00' && rest !== undefined) || /^0+$/.test(traceId) || /^0+$/.test(spanId);
  if (isInvalid) {
    return undefined;
  }
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Writes a `traceparent` header. */
export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

const poolBytes = 4_096;
let pool = '';
let poolUsed = 0;

/** Random hex digits out of a pool: asking the system for a few at a time costs a tenth of a small request. */
function pooledDigits(digits: number): string {
  if (poolUsed + digits > pool.length) {
    pool = randomBytes(poolBytes).toString('hex');
    poolUsed = 0;
  }
  poolUsed += digits;
  return pool.slice(poolUsed - digits, poolUsed);
}

/** A step inside `parent`'s trace, or the first of a new trace. @param random that many random hex digits */
export function childTraceContext(
  parent: TraceContext | undefined,
  random: (digits: number) => string = pooledDigits,
): TraceContext {
  return {
    traceId: parent?.traceId ?? random(32),
    spanId: random(16),
    sampled: parent?.sampled ?? false,
  };
}
