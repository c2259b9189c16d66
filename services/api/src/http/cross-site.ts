import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '@taskflow/domain';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses writes that a page of another site caused, by what browsers say about themselves (Sec-Fetch-Site, Origin).
 * Where both are absent no browser is at work, so there is no cookie to abuse.
 *
 * @throws DomainError `cross_site_request`
 */
export function refuseCrossSite(method: string, headers: IncomingHttpHeaders, publicOrigin: string): void {
  if (safeMethods.has(method)) {
    return;
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new DomainError('cross_site_request');
  }
  const { origin } = headers;
  if (origin !== undefined && origin !== publicOrigin && !isOwnHost(origin, headers.host)) {
    throw new DomainError('cross_site_request');
  }
}

/** The page came from the very host that the request goes to: a browser does not let another site pretend that. */
function isOwnHost(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
