import { describe, expect, it } from 'vitest';
import { isNotModified, versionFromIfMatch } from './conditional.ts';

describe('versionFromIfMatch', () => {
  it.each([
    ['"7"', 7],
    ['W/"7"', 7],
    ['"7-3.0.1"', 7],
    ['W/"12-lead"', 12],
  ])('reads %s', (header, version) => {
    expect(versionFromIfMatch(header)).toBe(version);
  });

  it('asks for nothing without a header, and with a star', () => {
    expect(versionFromIfMatch(undefined)).toBeUndefined();
    expect(versionFromIfMatch('*')).toBeUndefined();
  });

  it.each(['7', '"abc"', '""', '"1", "2"', 'W/7', '"99999999999999"'])(
    'takes %s for a version nobody has',
    (header) => {
      expect(() => versionFromIfMatch(header)).toThrow(expect.objectContaining({ code: 'stale_version' }));
    },
  );
});

describe('isNotModified', () => {
  it('compares the whole tag, weak or not, among several', () => {
    expect(isNotModified('W/"7-3.0.1"', '7-3.0.1')).toBe(true);
    expect(isNotModified('"1", "7-3.0.1"', '7-3.0.1')).toBe(true);
    expect(isNotModified('*', '7')).toBe(true);
  });

  it('sees a count that changed without a version', () => {
    expect(isNotModified('"7-3.0.1"', '7-4.0.1')).toBe(false);
    expect(isNotModified(undefined, '7')).toBe(false);
    expect(isNotModified('"7"', undefined)).toBe(false);
  });
});
