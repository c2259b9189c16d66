import { createStore, useStore } from '../store.ts';
import type { FieldConflict } from './save-task.ts';

interface OpenConflict extends FieldConflict {
  readonly answer: (choice: 'yours' | 'theirs') => void;
}

const waiting = createStore<readonly OpenConflict[]>([]);

/** Asks the person whose value of a field stays; several questions are asked one after the other. */
export function askConflict(conflict: FieldConflict): Promise<'yours' | 'theirs'> {
  const { promise, resolve } = Promise.withResolvers<'yours' | 'theirs'>();
  const open: OpenConflict = {
    ...conflict,
    answer: (choice) => {
      waiting.set(waiting.get().filter((other) => other !== open));
      resolve(choice);
    },
  };
  waiting.set([...waiting.get(), open]);
  return promise;
}

/** The conflict to ask about now, if any. */
export const useOpenConflict = () => useStore(waiting, (conflicts) => conflicts[0]);
