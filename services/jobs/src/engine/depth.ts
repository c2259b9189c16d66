import type { Clock } from '@taskflow/resilience';
import type { Outstanding } from './outstanding.ts';

/** What is with the transport should be claimed within this time. */
const aheadMs = 50;

/** How often the pace is taken. */
const sampleMs = 20;

const least = 2;
const most = 20;

/**
 * How many jobs for each slot may be with the transport: two, so that none is ever idle, and more where jobs are so
 * quick that two would keep workers waiting for the next ones. What is with the transport can no longer be overtaken by
 * what is more urgent, so it is never more than is claimed in a moment.
 */
export function createDepth(options: {
  readonly outstanding: Pick<Outstanding, 'claims'>;
  readonly concurrency: number;
  readonly clock: Pick<Clock, 'now'>;
}): () => number {
  const { outstanding, concurrency, clock } = options;
  let depth = least;
  let sampledMs = clock.now();
  let claimsThen = outstanding.claims;
  return () => {
    const nowMs = clock.now();
    const elapsedMs = nowMs - sampledMs;
    if (elapsedMs >= sampleMs) {
      const perMs = (outstanding.claims - claimsThen) / elapsedMs;
      depth = Math.min(most, Math.max(least, Math.floor((perMs * aheadMs) / concurrency)));
      sampledMs = nowMs;
      claimsThen = outstanding.claims;
    }
    return depth;
  };
}
