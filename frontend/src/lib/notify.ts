import { problemText } from './api/problem-text.ts';
import { showToast } from './toasts.ts';

/** How long a deletion can be undone from its message. */
const undoWindowMs = 8_000;

/** Says that something was refused, and why. */
export function notifyProblem(title: string, error: unknown): void {
  showToast({ kind: 'problem', title, text: problemText(error), durationMs: 10_000 });
}

/** Says that something worked. */
export function notifyDone(title: string): void {
  showToast({ kind: 'done', title, durationMs: 3_000 });
}

/** Says that something was taken away and offers to bring it back for eight seconds. */
export function notifyUndo(title: string, undo: () => Promise<void>): void {
  showToast({ kind: 'undo', title, undo, durationMs: undoWindowMs });
}
