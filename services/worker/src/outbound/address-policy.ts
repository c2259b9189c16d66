import ipaddr from 'ipaddr.js';

/** Decides which addresses the instance may call on behalf of people. */
export interface AddressPolicy {
  /** Whether a request may go to this IP address. */
  allows(address: string): boolean;
}

/**
 * Lets requests out to public addresses only: what is private, loopback, link-local (metadata services live there),
 * multicast or reserved (RFC 6890, IANA special-purpose registries) is refused, in IPv4, IPv6 and IPv4 wrapped in IPv6.
 *
 * @param allowedCidrs ranges that an operator lets people reach nevertheless
 */
export function createAddressPolicy(allowedCidrs: readonly string[]): AddressPolicy {
  const allowed = allowedCidrs.map((cidr) => ipaddr.parseCIDR(cidr));
  return {
    allows(address) {
      if (!ipaddr.isValid(address)) {
        return false;
      }
      // process() unwraps ::ffff:10.0.0.1, so that it counts as what it is
      const ip = ipaddr.process(address);
      const isAllowed = allowed.some(([range, bits]) => range.kind() === ip.kind() && ip.match(range, bits));
      return isAllowed || ip.range() === 'unicast';
    },
  };
}
