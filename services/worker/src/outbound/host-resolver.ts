import type { LookupAddress } from 'node:dns';

/** All addresses of a host. */
export type ResolveHost = (host: string, signal: AbortSignal) => Promise<readonly LookupAddress[]>;

/** Options of {@link createHostResolver}. */
export interface HostResolverOptions {
  /** Asks name servers for addresses of IPv4 and of IPv6; rejects when there is none. Gives up by itself. */
  readonly query: { readonly 4: (host: string) => Promise<string[]>; readonly 6: (host: string) => Promise<string[]> };
  /** Asks the operating system. */
  readonly lookup: (host: string) => Promise<readonly LookupAddress[]>;
  /** How many may ask the operating system at a time. @default 2 */
  readonly mostLookups?: number;
}

/**
 * Resolves hosts that people chose. A lookup of the operating system holds one of four threads that the whole process
 * shares, its connections to PostgreSQL among them, for as long as a name server likes to be silent. So name servers
 * are asked without it; the operating system, which knows names of its own (hosts file, search domains), is asked only
 * for what they do not know, and by few at a time.
 */
export function createHostResolver({ query, lookup, mostLookups = 2 }: HostResolverOptions): ResolveHost {
  const waiting: (() => void)[] = [];
  let lookups = 0;

  async function lookupInTurn(host: string, signal: AbortSignal): Promise<readonly LookupAddress[]> {
    if (lookups >= mostLookups) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    } else {
      lookups += 1;
    }
    try {
      signal.throwIfAborted();
      return await lookup(host);
    } finally {
      const next = waiting.shift();
      if (next === undefined) {
        lookups -= 1;
      } else {
        // the turn is handed over
        next();
      }
    }
  }

  return async (host, signal) => {
    const answers = await Promise.allSettled([query[4](host), query[6](host)]);
    const addresses = answers.flatMap((answer, index) =>
      answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family: index === 0 ? 4 : 6 })) : [],
    );
    return addresses.length > 0 ? addresses : lookupInTurn(host, signal);
  };
}
