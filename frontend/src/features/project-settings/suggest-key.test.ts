// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { suggestKey } from './suggest-key.ts';

describe('suggestKey', () => {
  it.each([
    ['Operations', 'OPE'],
    ['Website relaunch', 'WR'],
    ['Über uns', 'UU'],
    ['7 wonders', 'WX'],
    ['  ', ''],
    ['日本', ''],
  ])('makes of %j the key %j', (name, key) => {
    expect(suggestKey(name, new Set())).toBe(key);
  });

  it('steps aside for keys that are taken', () => {
    expect(suggestKey('Operations', new Set(['OPE', 'OPE2']))).toBe('OPE3');
  });
});
