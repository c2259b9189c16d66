import ipaddr from 'ipaddr.js';

/** Decides which addresses the instance may call on behalf of people. */
export interface AddressPolicy {
  /** Whether a request may go to this IP address. */
  allows(address: string): boolean;
}

/** All that is given out of IPv6 (IANA: global unicast); ranges inside of it that are special have names of their own. */
const globalUnicast = ipaddr.parseCIDR('2000::/3');

/** Public by its number, but answered by the platform behind a virtual machine (Azure's metadata and DNS). */
const platformAddress = '168.63.129.16';

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
      // a zone names an interface of this machine
      if (!ipaddr.isValid(address) || address.includes('%')) {
        return false;
      }
      // process() unwraps ::ffff:10.0.0.1, so that it counts as what it is
      const ip = ipaddr.process(address);
      const isAllowed = allowed.some(([range, bits]) => range.kind() === ip.kind() && ip.match(range, bits));
      return isAllowed || isPublic(ip);
    },
  };
}

function isPublic(ip: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  const isGivenOut = ip.kind() === 'ipv6' ? ip.match(globalUnicast) : ip.toString() !== platformAddress;
  return isGivenOut && ip.range() === 'unicast';
}
