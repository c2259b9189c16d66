/** A task that names another one of its file. */
interface Child {
  readonly id: string;
  readonly key: string | null;
  readonly parent: string | null;
}

/**
 * What stands below what. A parent that the file does not have, or that stands below its own child, is none.
 *
 * @returns ids, in the same order
 */
export function parentsOf(tasks: readonly Child[]): { childIds: string[]; parentIds: string[] } {
  const idOf = new Map<string, string>();
  for (const { id, key } of tasks) {
    if (key !== null && !idOf.has(key)) {
      idOf.set(key, id);
    }
  }
  const above = new Map<string, string>();
  for (const { id, parent } of tasks) {
    const parentId = parent === null ? undefined : idOf.get(parent);
    if (parentId !== undefined && !isBelow(parentId, id, above)) {
      above.set(id, parentId);
    }
  }
  return { childIds: [...above.keys()], parentIds: [...above.values()] };
}

/** Whether `id` is `other` or stands below it. */
function isBelow(id: string, other: string, above: ReadonlyMap<string, string>): boolean {
  for (let at: string | undefined = id; at !== undefined; at = above.get(at)) {
    if (at === other) {
      return true;
    }
  }
  return false;
}
