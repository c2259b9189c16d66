import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slugCandidates, slugFrom } from './slug.ts';

describe('slugFrom', () => {
  it.each([
    ['Acme', 'acme'],
    ['  Müller & Söhne GmbH ', 'muller-sohne-gmbh'],
    ['Straße', 'strasse'],
    ['Ångström — R&D', 'angstrom-r-d'],
    ['X', 'workspace-x'],
    ['日本', 'workspace'],
    ['!!!', 'workspace'],
    ['01890a5d-ac96-774b-bcce-b302099a8057', 'workspace-01890a5d-ac96-774b-bcce-b302099a8057'],
  ])('makes %j into %j', (name, slug) => {
    expect(slugFrom(name)).toBe(slug);
  });

  it('is always a slug', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }), (name) => {
        const slug = slugFrom(name);
        expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(slug.length).toBeGreaterThanOrEqual(2);
        expect(slug.length).toBeLessThanOrEqual(60);
      }),
    );
  });
});

describe('slugCandidates', () => {
  it('counts, then goes random', () => {
    const first: string[] = [];
    for (const slug of slugCandidates('acme', () => 'x7f3')) {
      first.push(slug);
      if (first.length === 7) break;
    }
    expect(first).toEqual(['acme', 'acme-2', 'acme-3', 'acme-4', 'acme-5', 'acme-x7f3', 'acme-x7f3']);
  });
});
