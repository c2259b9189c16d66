import type { TaskEffect } from '@taskflow/contract/operations';
import { IconMail, IconWebhook } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { problemText } from '../../lib/api/problem-text.ts';
import { formatAgo, formatExact } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { effectsQuery } from '../../lib/queries/discussion.ts';
import { useNow } from '../../lib/use-now.ts';
import classes from './task-panel.module.css';

/** What a task has caused beyond TaskFlow, for whoever asks. */
export function TaskEffects({ taskId }: { readonly taskId: string }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <section aria-label={t('effects.title')}>
      <button
        type="button"
        className={classes['effectsToggle']}
        aria-expanded={isOpen}
        onClick={() => setIsOpen((before) => !before)}
      >
        {t('effects.title')}
      </button>
      {isOpen && <Effects taskId={taskId} />}
    </section>
  );
}

function Effects({ taskId }: { readonly taskId: string }) {
  const now = useNow();
  const { data, error } = useQuery(effectsQuery(taskId));
  if (error !== null) return <p role="alert">{problemText(error)}</p>;
  if (data === undefined) return <p className={classes['footnote']}>{t('common.loading')}</p>;
  if (data.length === 0) return <p className={classes['footnote']}>{t('effects.none')}</p>;
  return (
    <ul>
      {data.map((effect) => (
        <li key={effect.id} className={classes['line']}>
          <EffectIcon kind={effect.kind} />
          <span className={classes['lineTitle']}>
            {t(`effects.${effect.kind}`)}
            {effect.about !== null && ` · ${effect.about}`}
          </span>
          <span className={classes['sectionNote']} title={formatExact(effect.createdAt)}>
            {t(`effects.is.${progressOf(effect)}`)}, {formatAgo(effect.createdAt, now)}
          </span>
        </li>
      ))}
    </ul>
  );
}

const icons = { mail: IconMail, webhook: IconWebhook } as const;

function EffectIcon({ kind }: Pick<TaskEffect, 'kind'>) {
  const Icon = icons[kind];
  return <Icon size={16} stroke={1.7} color="var(--text-3)" aria-hidden />;
}

/** The state of a job, as far as it matters to people. */
function progressOf({ state }: TaskEffect): 'done' | 'underway' | 'kept' | 'ended' {
  switch (state) {
    case 'succeeded':
      return 'done';
    case 'quarantined':
      return 'kept';
    case 'canceled':
    case 'discarded':
      return 'ended';
    default:
      return 'underway';
  }
}
