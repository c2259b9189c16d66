import type { Task } from '@taskflow/contract/tasks';
import type { ReactNode } from 'react';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './field-button.module.css';
import { type PickedField, useEditField } from './use-task-editing.ts';

interface FieldButtonProps {
  readonly task: Task;
  readonly field: PickedField;
  /** The field and its value, for whoever cannot see the icon. */
  readonly label: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A field of a task that opens its small picker; guests see the value only. */
export function FieldButton({ task, field, label, className, children }: FieldButtonProps) {
  const editField = useEditField();
  const { canWrite } = useWorkspaceScope();
  return (
    <button
      type="button"
      className={`${classes['button']} ${className ?? ''}`}
      data-field={field}
      aria-label={label}
      title={label}
      disabled={!canWrite}
      onClick={(event) => {
        event.stopPropagation();
        editField(event.currentTarget, task, field);
      }}
    >
      {children}
    </button>
  );
}
