import { describe, expect, it } from 'vitest';
import { redactPayload } from './redact-payload.ts';

describe('a payload as operators see it', () => {
  it('keeps ids, numbers, addresses and names', () => {
    const payload = { mailId: '0190', provider: 'mail.example.com', email: 'ann@example.com', count: 3, nothing: null };
    expect(redactPayload(payload)).toEqual(payload);
  });

  it('blanks what opens something, at any depth', () => {
    const shown = redactPayload({
      password: 'hunter2',
      resetToken: 'abc',
      nested: [{ apiKey: 'k', Authorization: 'Basic abc' }, { clientSecret: { value: 'x' } }],
      note: 'whsec_c2VjcmV0',
    });
    expect(shown).toEqual({
      password: '[redacted]',
      resetToken: '[redacted]',
      nested: [{ apiKey: '[redacted]', Authorization: '[redacted]' }, { clientSecret: '[redacted]' }],
      note: '[redacted]',
    });
  });

  it('blanks contents of mails and requests, and tells that there are some', () => {
    expect(redactPayload({ subject: 'News', text: 'Dear Ann', html: '<p>Dear Ann</p>' })).toEqual({
      subject: 'News',
      text: '[redacted]',
      html: '[redacted]',
    });
  });

  it('keeps claims about secrets, which are none', () => {
    expect(redactPayload({ hasSecret: true, token: null })).toEqual({ hasSecret: true, token: null });
  });

  it('shortens what nobody would read', () => {
    expect(redactPayload({ note: 'x'.repeat(900) })).toEqual({ note: `${'x'.repeat(500)}… (900 characters)` });
    expect(redactPayload(Array.from({ length: 53 }, () => 1))).toHaveLength(51);
    let deep: unknown = 'bottom';
    for (let level = 0; level < 20; level += 1) {
      deep = { deep };
    }
    expect(JSON.stringify(redactPayload(deep))).not.toContain('bottom');
  });
});
