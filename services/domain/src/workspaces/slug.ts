import { isId } from '../core/ids.ts';

const maxLength = 50;
const minLength = 2;

/** A slug made of a workspace's name: `Müller & Söhne` becomes `muller-sohne`. */
export function slugFrom(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, maxLength)
    .replace(/^-+|-+$/g, '');
  if (slug.length >= minLength && !isId(slug)) {
    return slug;
  }
  return slug === '' ? 'workspace' : `workspace-${slug}`;
}

/** A slug, and what to try when it leads somewhere already: first small numbers, in the end something random. */
export function* slugCandidates(slug: string, newSuffix: () => string): Generator<string> {
  yield slug;
  for (let number = 2; number <= 5; number += 1) {
    yield `${slug}-${number}`;
  }
  for (;;) {
    yield `${slug}-${newSuffix()}`;
  }
}
