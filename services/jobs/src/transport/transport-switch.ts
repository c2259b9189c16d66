import type { Clock } from '@taskflow/resilience';
import type { Delivery, JobTransport, WorkMs } from './transport.ts';

/** The transports of a worker, most wanted first. */
export interface TransportSwitch {
  /** The one that is used now. */
  current(): JobTransport;
  /** Looks which one to use. @returns whether it is another one than before */
  refresh(): boolean;
  /** Pushes to the current one. @returns its name @throws when deliveries may not have arrived */
  push(deliveries: readonly Delivery[], workMs: WorkMs): Promise<string>;
}

/** A transport that lost something is not trusted for so long, whatever it says about itself. */
const distrustMs = 1_000;

/**
 * Uses the first transport that is up, and the last one when none is.
 *
 * @throws RangeError when there is none at all
 */
export function createTransportSwitch(options: {
  readonly transports: readonly JobTransport[];
  readonly clock: Clock;
  readonly onChange: (from: string, to: string) => void;
}): TransportSwitch {
  const { transports, clock, onChange } = options;
  const distrustedUntilMs = new Map<JobTransport, number>();
  const first = transports[0];
  if (first === undefined) {
    throw new RangeError('an engine needs a transport');
  }
  let current = first;

  function choose(): JobTransport {
    const nowMs = clock.now();
    const usable = transports.find(
      (transport) => transport.isUp() && (distrustedUntilMs.get(transport) ?? -Infinity) <= nowMs,
    );
    return usable ?? transports.at(-1) ?? current;
  }

  return {
    current: () => current,
    refresh() {
      const chosen = choose();
      if (chosen === current) {
        return false;
      }
      onChange(current.name, chosen.name);
      current = chosen;
      return true;
    },
    async push(deliveries, workMs) {
      const used = current;
      try {
        await used.push(deliveries, workMs);
      } catch (error) {
        distrustedUntilMs.set(used, clock.now() + distrustMs);
        throw error;
      }
      return used.name;
    },
  };
}
