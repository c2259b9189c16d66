import { DomainError } from '@taskflow/domain';
import type { LocalRateLimiter, RateLimiter } from '@taskflow/redis';
import type { SpecialLimit } from './endpoint.ts';

/** The limits of the API. Reads are counted by each process alone: they are many, and cheap to refuse. */
export interface Limiters {
  /** By address, whoever calls from there: it bounds what made-up credentials can cost. */
  readonly addresses: LocalRateLimiter;
  /** By caller or address. */
  readonly reads: LocalRateLimiter;
  /** By caller or address. */
  readonly writes: RateLimiter;
  /** By address. */
  readonly special: Readonly<Record<SpecialLimit, RateLimiter>>;
}

/** Who is counted, and for what. */
interface Counted {
  readonly isWrite: boolean;
  /** The caller's credential, or the address of whoever has none. */
  readonly key: string;
  readonly ip: string;
  readonly special: SpecialLimit | undefined;
}

/**
 * Counts a request.
 *
 * @param onLimited told the name of the limit that was hit
 * @throws DomainError `too_many_requests`
 */
export async function spend(limiters: Limiters, counted: Counted, onLimited: (limit: string) => void): Promise<void> {
  const refuse = (limit: string, resetSeconds: number): never => {
    onLimited(limit);
    throw new DomainError('too_many_requests', undefined, { retryAfterSeconds: resetSeconds });
  };
  const address = limiters.addresses.consume(counted.ip);
  if (!address.allowed) {
    refuse('addresses', address.resetSeconds);
  }
  if (counted.special !== undefined) {
    const verdict = await limiters.special[counted.special].consume(counted.ip);
    if (!verdict.allowed) {
      refuse(counted.special, verdict.resetSeconds);
    }
  }
  const limit = counted.isWrite ? 'writes' : 'reads';
  const verdict = counted.isWrite ? await limiters.writes.consume(counted.key) : limiters.reads.consume(counted.key);
  if (!verdict.allowed) {
    refuse(limit, verdict.resetSeconds);
  }
}
