import { z } from 'zod';

/** How many items a page holds: 1 to 200. @default 50 */
export const limitSchema = z.coerce.number().int().min(1).max(200).default(50);

/** Where the next page begins; opaque, bound to the filters and the sort of the list that gave it. */
export const cursorSchema = z.string().min(1).max(2_000);

/** Query fields of every list. */
export const pageQuery = {
  limit: limitSchema,
  cursor: cursorSchema.optional(),
};

/** A page of a list: `nextCursor` is null on the last one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    nextCursor: z.string().nullable(),
  });
}

/** See {@link pageOf}. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}
