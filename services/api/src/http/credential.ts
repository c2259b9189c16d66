import type { IncomingHttpHeaders } from 'node:http';
import { type Credential, hashSecret } from '@taskflow/domain';

const bearerPattern = /^Bearer +(?<value>\S+) *$/i;

/** Browsers keep a cookie for at most 400 days; the session behind it ends when the server says so. */
const cookieMaxAgeSeconds = 400 * 24 * 60 * 60;

/** The name of the session cookie: on https it has the prefix that binds it to this very host (RFC 6265bis). */
export const sessionCookieName = (publicUrl: string): string =>
  new URL(publicUrl).protocol === 'https:' ? '__Host-taskflow' : 'taskflow';

/**
 * How a request says who calls. A bearer token wins over a cookie, and one that is no good is never made up for by
 * the cookie. Other schemes are none of our business: a proxy in front may ask for a password of its own.
 */
export function credentialFrom(
  headers: Pick<IncomingHttpHeaders, 'authorization' | 'cookie'>,
  cookieName: string,
): Credential | undefined {
  const { authorization, cookie } = headers;
  const bearer = authorization === undefined ? undefined : bearerPattern.exec(authorization)?.groups?.['value'];
  if (bearer !== undefined) {
    return { kind: 'token', hash: hashSecret(bearer) };
  }
  const session = cookie === undefined ? undefined : cookieValue(cookie, cookieName);
  return session === undefined || session === '' ? undefined : { kind: 'session', hash: hashSecret(session) };
}

/** The Set-Cookie that keeps a person signed in. @param value the session's secret */
export const sessionCookie = (cookieName: string, value: string): string =>
  `${cookieName}=${value}; Max-Age=${cookieMaxAgeSeconds}; ${attributes(cookieName)}`;

/** The Set-Cookie that makes a browser forget its session. */
export const clearedSessionCookie = (cookieName: string): string =>
  `${cookieName}=; Max-Age=0; ${attributes(cookieName)}`;

function attributes(cookieName: string): string {
  return `Path=/; HttpOnly; SameSite=Lax${cookieName.startsWith('__Host-') ? '; Secure' : ''}`;
}

function cookieValue(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key = '', value = ''] = pair.split('=', 2);
    if (key.trim() === name) {
      return value.trim();
    }
  }
  return undefined;
}
