import { Button, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { t } from '../lib/messages/translate.ts';
import { notifyProblem } from '../lib/notify.ts';
import classes from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly size?: number | string;
  readonly children: ReactNode;
  /** The dialog asks for an answer: it has no way out but its own buttons. @default false */
  readonly mustAnswer?: boolean;
}

/** A window over the page that keeps the focus until it is closed. */
export function Dialog({ title, onClose, size = 480, mustAnswer = false, children }: DialogProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      yOffset="12vh"
      withCloseButton={!mustAnswer}
      closeOnEscape={!mustAnswer}
      closeOnClickOutside={!mustAnswer}
      zIndex={300}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      overlayProps={{ backgroundOpacity: 0.35 }}
      transitionProps={{ duration: 100, transition: 'fade' }}
      classNames={{
        content: classes['content'] ?? '',
        header: classes['header'] ?? '',
        title: classes['title'] ?? '',
        body: classes['body'] ?? '',
      }}
    >
      {children}
    </Modal>
  );
}

/** The buttons at the end of a dialog. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className={classes['actions']}>{children}</div>;
}

/** The fields of a dialog's form, one under the other. */
export const dialogFormClass = classes['form'] ?? '';

interface ConfirmDialogProps {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** Asks before something that cannot be taken back with one click. */
export function ConfirmDialog({ title, text, action, onConfirm, onClose, children }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      notifyProblem(t('problem.title'), error);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose} size={420}>
      <p>{text}</p>
      {children}
      <DialogActions>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('common.cancel')}
        </Button>
        <Button color="red" loading={busy} onClick={() => void confirm()}>
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
