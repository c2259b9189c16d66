import { IconAlertCircle, IconCheck, IconTrash, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { t } from '../lib/messages/translate.ts';
import { notifyProblem } from '../lib/notify.ts';
import { useStore } from '../lib/store.ts';
import { hideToast, type Toast, toastStore } from '../lib/toasts.ts';
import classes from './toasts.module.css';

const icons = { done: IconCheck, problem: IconAlertCircle, undo: IconTrash };

/** The short messages of the page; read out by screen readers, and waiting while the pointer is on them. */
export function Toasts() {
  const toasts = useStore(toastStore, (all) => all);
  return (
    <div className={classes['toasts']} aria-live="polite">
      {toasts.map((toast) => (
        <ToastItem key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastItem({ toast }: { readonly toast: Toast }) {
  const { id, kind, title, text, undo, durationMs } = toast;
  const [held, setHeld] = useState(false);
  const Icon = icons[kind];
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => hideToast(id), durationMs);
    return () => clearTimeout(timer);
  }, [id, durationMs, held]);

  const takeBack = () => {
    hideToast(id);
    undo?.().catch((error: unknown) => notifyProblem(t('problem.title'), error));
  };
  return (
    <div
      className={classes['toast']}
      data-kind={kind}
      role={kind === 'problem' ? 'alert' : undefined}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
    >
      <Icon className={classes['icon']} size={18} stroke={1.8} aria-hidden />
      <div className={classes['body']}>
        <p className={classes['title']}>{title}</p>
        {text === undefined ? null : <p className={classes['text']}>{text}</p>}
      </div>
      {undo === undefined ? null : (
        <button type="button" className={classes['undo']} onClick={takeBack}>
          {t('common.undo')}
        </button>
      )}
      <button type="button" className={classes['close']} aria-label={t('common.close')} onClick={() => hideToast(id)}>
        <IconX size={16} aria-hidden />
      </button>
    </div>
  );
}
