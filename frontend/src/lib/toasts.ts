import { newId } from './new-id.ts';
import { createStore } from './store.ts';

/** A short message at the edge of the page. */
export interface Toast {
  readonly id: string;
  readonly kind: 'done' | 'problem' | 'undo';
  readonly title: string;
  readonly text?: string;
  /** Takes back what the message is about. */
  readonly undo?: () => Promise<void>;
  readonly durationMs: number;
}

/** The messages in view, oldest first. */
export const toastStore = createStore<readonly Toast[]>([]);
const atMost = 4;

/** Shows a message. */
export function showToast(toast: Omit<Toast, 'id'>): void {
  toastStore.set([...toastStore.get(), { ...toast, id: newId() }].slice(-atMost));
}

/** Takes a message away. */
export function hideToast(id: string): void {
  toastStore.set(toastStore.get().filter((toast) => toast.id !== id));
}
