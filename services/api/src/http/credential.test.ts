import { hashSecret } from '@taskflow/domain';
import { describe, expect, it } from 'vitest';
import { clearedSessionCookie, credentialFrom, sessionCookie, sessionCookieName } from './credential.ts';

describe('sessionCookieName', () => {
  it('binds the cookie to the host where the connection is safe', () => {
    expect(sessionCookieName('https://tasks.example.com')).toBe('__Host-taskflow');
    expect(sessionCookieName('http://localhost:3000')).toBe('taskflow');
  });
});

describe('credentialFrom', () => {
  it('finds the session among other cookies', () => {
    const credential = credentialFrom({ cookie: 'theme=dark; taskflow=abc; taskflowx=no' }, 'taskflow');
    expect(credential).toEqual({ kind: 'session', hash: hashSecret('abc') });
  });

  it('takes a bearer token before a cookie', () => {
    const credential = credentialFrom({ authorization: 'bearer tf_1', cookie: 'taskflow=abc' }, 'taskflow');
    expect(credential).toEqual({ kind: 'token', hash: hashSecret('tf_1') });
  });

  it('leaves other schemes to the proxy in front', () => {
    const credential = credentialFrom({ authorization: 'Basic eDp5', cookie: 'taskflow=abc' }, 'taskflow');
    expect(credential?.kind).toBe('session');
  });

  it('finds nothing where nothing is', () => {
    expect(credentialFrom({}, 'taskflow')).toBeUndefined();
    expect(credentialFrom({ cookie: 'taskflow=; other=1', authorization: 'Bearer ' }, 'taskflow')).toBeUndefined();
    expect(credentialFrom({ cookie: '__Host-taskflow=abc' }, 'taskflow')).toBeUndefined();
  });
});

describe('sessionCookie', () => {
  it('is out of reach of scripts and other sites', () => {
    expect(sessionCookie('taskflow', 'abc')).toBe('taskflow=abc; Max-Age=34560000; Path=/; HttpOnly; SameSite=Lax');
  });

  it('travels only encrypted on https', () => {
    expect(sessionCookie('__Host-taskflow', 'abc')).toMatch(/^__Host-taskflow=abc; .*Path=\/; .*Secure$/);
    expect(clearedSessionCookie('__Host-taskflow')).toMatch(/^__Host-taskflow=; Max-Age=0; .*Secure$/);
  });
});
