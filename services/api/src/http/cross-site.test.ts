import { describe, expect, it } from 'vitest';
import { refuseCrossSite } from './cross-site.ts';

const own = 'https://taskflow.example.org';
const refused = expect.objectContaining({ code: 'cross_site_request' });

describe('refuseCrossSite', () => {
  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: own },
    { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
    { origin: 'https://taskflow.example.org.evil.example', host: 'taskflow.example.org' },
  ])('refuses a write with %j', (headers) => {
    expect(() => refuseCrossSite('POST', headers, own)).toThrow(refused);
    expect(() => refuseCrossSite('DELETE', headers, own)).toThrow(refused);
  });

  it.each([
    {},
    { origin: own },
    { 'sec-fetch-site': 'same-origin', origin: own },
    { 'sec-fetch-site': 'none' },
    { origin: 'http://192.0.2.7:3000', host: '192.0.2.7:3000' },
  ])('lets a write pass with %j', (headers) => {
    expect(() => refuseCrossSite('PATCH', headers, own)).not.toThrow();
  });

  it('lets every read pass', () => {
    expect(() =>
      refuseCrossSite('GET', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, own),
    ).not.toThrow();
  });
});
