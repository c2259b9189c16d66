import { useSyncExternalStore } from 'react';

/** A value outside of React that components can follow. */
export interface Store<State> {
  readonly get: () => State;
  readonly set: (next: State) => void;
  /** @returns stops following. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** Makes a store that begins with `initial`. */
export function createStore<State>(initial: State): Store<State> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set: (next) => {
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Follows the part of a store that `select` takes out; draws again only when that part becomes another. */
export function useStore<State, Part>(store: Store<State>, select: (state: State) => Part): Part {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
