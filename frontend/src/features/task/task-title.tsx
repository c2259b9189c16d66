import type { Task } from '@taskflow/contract/tasks';
import { type KeyboardEvent, useRef, useState } from 'react';
import { t } from '../../lib/messages/translate.ts';
import { useTaskActions } from '../../lib/tasks/task-actions.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './task-panel.module.css';

/** The title, edited in place: Enter or leaving saves, Escape takes it back. */
export function TaskTitle({ task }: { readonly task: Task }) {
  const { patch } = useTaskActions();
  const { canWrite } = useWorkspaceScope();
  const [draft, setDraft] = useState<string>();
  // The task as it was when typing began; what others do meanwhile is a conflict, not overwritten.
  const base = useRef(task);

  const save = () => {
    const title = draft?.trim();
    setDraft(undefined);
    if (title !== undefined && title !== '' && title !== base.current.title) void patch(base.current, { title });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      event.currentTarget.blur();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      const field = event.currentTarget;
      setDraft(undefined);
      // Leaving saves the draft, so it must be gone first.
      requestAnimationFrame(() => field.blur());
    }
  };
  return (
    <textarea
      className={classes['title']}
      aria-label={t('task.title')}
      rows={1}
      maxLength={500}
      readOnly={!canWrite}
      value={draft ?? task.title}
      onFocus={() => {
        base.current = task;
      }}
      onChange={(event) => setDraft(event.currentTarget.value.replaceAll('\n', ' '))}
      onBlur={save}
      onKeyDown={onKeyDown}
    />
  );
}
