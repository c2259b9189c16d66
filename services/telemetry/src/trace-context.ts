import { randomFillSync } from 'node:crypto';

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
  const [, version, traceId, spanId, flags, rest] = pattern.exec(header ?? '') ?? [];
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

const pool = Buffer.allocUnsafe(8_192);
let poolUsed = pool.length;

/** Random bytes out of a pool: asking the system for a few at a time costs a tenth of a small request. */
function pooledRandom(sizeBytes: number): Buffer {
  if (poolUsed + sizeBytes > pool.length) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  poolUsed += sizeBytes;
  return pool.subarray(poolUsed - sizeBytes, poolUsed);
}

/** A step inside `parent`'s trace, or the first of a new trace. */
export function childTraceContext(
  parent: TraceContext | undefined,
  random: (sizeBytes: number) => Buffer = pooledRandom,
): TraceContext {
  return {
    traceId: parent?.traceId ?? random(16).toString('hex'),
    spanId: random(8).toString('hex'),
    sampled: parent?.sampled ?? false,
  };
}
