import type { Recurrence, Task } from '@taskflow/contract/tasks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Choice } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { locale } from '../../lib/locale.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyProblem } from '../../lib/notify.ts';
import { recurrenceQuery } from '../../lib/queries/recurrence.ts';
import { ownTimeZone } from '../../lib/use-time-zone.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './task-panel.module.css';

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const weekdayName = new Intl.DateTimeFormat(locale, { weekday: 'long' });
const dayAndMonth = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' });
const never = '';

/** Rules that people mean most often, for a task that is due then. */
function usualRules(dueAt: string): ReadonlyArray<{ readonly value: string; readonly name: string }> {
  const due = new Date(dueAt);
  return [
    { value: never, name: t('repeat.never') },
    { value: 'FREQ=DAILY', name: t('repeat.daily') },
    { value: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', name: t('repeat.weekdays') },
    {
      value: `FREQ=WEEKLY;BYDAY=${weekdays[due.getDay()] ?? ''}`,
      name: t('repeat.weekly', { weekday: weekdayName.format(due) }),
    },
    { value: `FREQ=MONTHLY;BYMONTHDAY=${due.getDate()}`, name: t('repeat.monthly', { day: due.getDate() }) },
    { value: 'FREQ=YEARLY', name: t('repeat.yearly', { day: dayAndMonth.format(due) }) },
  ];
}

/** Whether and how a task repeats; nothing for a task without a due date, which rules count from. */
export function RepeatField({ task }: { readonly task: Task }) {
  const { canWrite } = useWorkspaceScope();
  const client = useQueryClient();
  const query = recurrenceQuery(task.id);
  const { data: recurrence } = useQuery({ ...query, enabled: task.dueAt !== null });
  const change = useMutation({
    mutationFn: async (next: Recurrence | null) => {
      const params = { id: task.id };
      if (next === null) await call('DELETE /tasks/{id}/recurrence', { params });
      else await call('PUT /tasks/{id}/recurrence', { params, body: next });
    },
    onMutate(next) {
      client.setQueryData(query.queryKey, next);
    },
    onError(error) {
      notifyProblem(t('repeat.failed'), error);
      void client.invalidateQueries({ queryKey: query.queryKey });
    },
  });
  if (task.dueAt === null || recurrence === undefined) return null;

  const usual = usualRules(task.dueAt);
  const rule = recurrence?.rule ?? never;
  const isUsual = usual.some(({ value }) => value === rule);
  const options = isUsual ? usual : [...usual, { value: rule, name: t('repeat.other', { rule }) }];
  const choose = (chosen: string) =>
    change.mutate(
      chosen === never ? null : { rule: chosen, mode: recurrence?.mode ?? 'completion', timeZone: ownTimeZone() },
    );
  return (
    <>
      <span className={classes['fieldName']} aria-hidden>
        {t('repeat.name')}
      </span>
      <div className={classes['repeat']}>
        <Choice label={t('repeat.name')} value={rule} options={options} onChoose={choose} disabled={!canWrite} />
        {recurrence !== null && (
          <Choice
            label={t('repeat.mode')}
            value={recurrence.mode}
            options={[
              { value: 'completion', name: t('repeat.mode.completion') },
              { value: 'schedule', name: t('repeat.mode.schedule') },
            ]}
            onChoose={(mode) => change.mutate({ ...recurrence, mode })}
            disabled={!canWrite}
          />
        )}
      </div>
    </>
  );
}
