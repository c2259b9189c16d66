import { notifications } from '@mantine/notifications';
import { problemText } from './api/problem-text.ts';
import { t } from './messages/translate.ts';
import { newId } from './new-id.ts';
import classes from './notify.module.css';

/** How long a deletion can be undone from its toast. */
const undoWindowMs = 8_000;

/** Says that something was refused, and why. */
export function notifyProblem(title: string, error: unknown): void {
  notifications.show({ title, message: problemText(error), color: 'red', autoClose: 10_000, role: 'alert' });
}

/** Says that something worked. */
export function notifyDone(message: string): void {
  notifications.show({ message, autoClose: 3_000 });
}

/** Says that something was taken away and offers to bring it back for eight seconds. */
export function notifyUndo(message: string, undo: () => Promise<void>): void {
  const id = newId();
  const bringBack = () => {
    notifications.hide(id);
    undo().catch((error: unknown) => notifyProblem(t('problem.title'), error));
  };
  notifications.show({
    id,
    autoClose: undoWindowMs,
    message: (
      <span className={classes['undo']}>
        {message}
        <button type="button" className={classes['button']} onClick={bringBack}>
          {t('common.undo')}
        </button>
      </span>
    ),
  });
}
