import type { Changes } from './append.ts';

/** What a patch really changes. */
export interface Difference<Fields> {
  /** Every field as it is from now on. */
  readonly next: Fields;
  /** For the activity; empty when nothing changes. */
  readonly changes: Changes;
}

/**
 * Compares a row with a patch; a field that the patch leaves out, or repeats, does not change.
 *
 * @param longTexts fields that are named in the activity without their values
 */
export function difference<Fields extends Readonly<Record<string, string | number | null>>>(
  current: Fields,
  patch: { readonly [Field in keyof Fields]?: Fields[Field] | undefined },
  longTexts: readonly (keyof Fields)[] = [],
): Difference<Fields> {
  const next = { ...current };
  const changes: Record<string, { from?: unknown; to?: unknown }> = {};
  for (const field in current) {
    const to = patch[field];
    if (to === undefined || to === current[field]) {
      continue;
    }
    changes[field] = longTexts.includes(field) ? {} : { from: current[field], to };
    next[field] = to;
  }
  return { next, changes };
}

/** Whether a change is worth a version. */
export const isChange = (changes: Changes): boolean => Object.keys(changes).length > 0;
