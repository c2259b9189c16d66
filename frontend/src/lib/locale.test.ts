// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { englishOf } from './locale.ts';

describe('englishOf', () => {
  it.each([
    [['de-DE', 'en-GB', 'en-US'], 'en-GB'],
    [['en'], 'en'],
    [['de-DE'], 'en'],
    [[], 'en'],
    // A headless browser of a machine without a locale says this; no formatter takes it.
    [['en-US@posix', 'en-AU'], 'en-AU'],
    [['en-US@posix'], 'en'],
  ])('makes of %j %j', (languages, expected) => {
    expect(englishOf(languages)).toBe(expected);
  });
});
