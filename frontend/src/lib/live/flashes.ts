import { createStore, useStore } from '../store.ts';

/** How other people's changes show on a card: once, softly. */
export type Flash = 'changed' | 'leaving';

const durationMs: Record<Flash, number> = { changed: 1_400, leaving: 220 };
const flashes = createStore<ReadonlyMap<string, Flash>>(new Map());

/** Marks a task as changed or leaving for a moment, then calls `after`. */
export function flash(taskId: string, kind: Flash, after?: () => void): void {
  flashes.set(new Map(flashes.get()).set(taskId, kind));
  setTimeout(() => {
    const next = new Map(flashes.get());
    next.delete(taskId);
    flashes.set(next);
    after?.();
  }, durationMs[kind]);
}

/** The mark that a task has now, if any. */
export const useFlash = (taskId: string) => useStore(flashes, (marks) => marks.get(taskId));
