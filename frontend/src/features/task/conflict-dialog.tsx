import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Dialog } from '../../components/dialog.tsx';
import { namesOf } from '../../components/task/field-labels.ts';
import { formatExact } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { statusesQuery } from '../../lib/queries/projects.ts';
import type { FieldConflict } from '../../lib/tasks/save-task.ts';
import { prioritiesDescending } from '../../lib/tasks/order.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './conflict-dialog.module.css';

interface ConflictDialogProps {
  readonly conflict: FieldConflict & { readonly answer: (choice: 'yours' | 'theirs') => void };
}

/** Two people changed the same field: shows both values and lets the person choose. */
export function ConflictDialog({ conflict }: ConflictDialogProps) {
  const { task, field, yours, theirs, answer } = conflict;
  const show = useFieldText(conflict);
  return (
    <Dialog title={`${t('conflict.title')}: ${t(`field.${field}`)}`} onClose={() => undefined} size={620} mustAnswer>
      {/* The Enter that saved must not answer too, so no button has the focus at first. */}
      <p tabIndex={-1} data-autofocus className={classes['lead']}>
        {t('conflict.lead', { key: task.key })}
      </p>
      <div className={classes['sides']}>
        <section className={classes['side']} aria-label={t('conflict.yours')}>
          <h3 className={classes['name']}>{t('conflict.yours')}</h3>
          <p className={classes['value']}>{show(yours)}</p>
          <Button onClick={() => answer('yours')}>{t('conflict.keepYours')}</Button>
        </section>
        <section className={classes['side']} aria-label={t('conflict.theirs')}>
          <h3 className={classes['name']}>{t('conflict.theirs')}</h3>
          <p className={classes['value']}>{show(theirs)}</p>
          <Button variant="default" onClick={() => answer('theirs')}>
            {t('conflict.keepTheirs')}
          </Button>
        </section>
      </div>
    </Dialog>
  );
}

/** How a value of the field in question reads. */
function useFieldText({ task, field }: FieldConflict): (value: unknown) => string {
  const scope = useWorkspaceScope();
  const statuses = useQuery(statusesQuery(task.projectId)).data ?? [];
  const textOf = (value: unknown): string => {
    if (Array.isArray(value)) {
      const ids = value.filter((id) => typeof id === 'string');
      if (field === 'assigneeIds') return namesOf(ids, scope);
      return ids.map((id) => scope.labelById.get(id)?.name ?? '').join(', ');
    }
    if (typeof value === 'number') return String(value);
    if (typeof value !== 'string') return '';
    if (field === 'statusId') return statuses.find((status) => status.id === value)?.name ?? '';
    if (field === 'dueAt' || field === 'startAt') return formatExact(value);
    const priority = field === 'priority' ? prioritiesDescending.find((other) => other === value) : undefined;
    return priority === undefined ? value : t(`priority.${priority}`);
  };
  return (value) => {
    const text = textOf(value);
    return text === '' ? t('conflict.empty') : text;
  };
}
