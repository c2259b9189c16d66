import type { BreakerEvent } from '@taskflow/contract/operations';
import { breakerStates } from '@taskflow/contract/jobs';
import { useQuery } from '@tanstack/react-query';
import { formatDuration } from '../../lib/dates/duration.ts';
import { breakerEventsQuery } from '../../lib/queries/operations.ts';
import classes from './operations.module.css';
import { Loaded, useSeconds, When } from './parts.tsx';
import { t } from './translate.ts';

function nameOf(text: string): string {
  const state = breakerStates.find((known) => known === text);
  return state === undefined ? text : t(`ops.breaker.${state}`);
}

/** What a breaker did lately, latest first. */
export function BreakerHistory({ breakerKey }: { readonly breakerKey: string }) {
  const now = useSeconds();
  const query = useQuery(breakerEventsQuery(breakerKey));
  return (
    <Loaded query={query}>
      {(events) =>
        events.length === 0 ? (
          <p className={classes['muted']}>{t('ops.noHistory')}</p>
        ) : (
          <ol className={classes['history']} aria-label={t('ops.history')}>
            {events.map((event) => (
              <li key={event.id}>
                <When instant={event.at} now={now} />
                <b>{t('ops.transition', { from: nameOf(event.from), to: nameOf(event.to) })}</b>
                <span>{detailOf(event)}</span>
              </li>
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}

function detailOf({ cause, failures, cooldownMs, actor }: BreakerEvent): string {
  return [
    cause.replaceAll('-', ' '),
    failures > 0 && t('ops.failures', { count: failures }),
    cooldownMs !== null && t('ops.cooldown', { duration: formatDuration(cooldownMs) }),
    actor !== null && t('ops.by', { name: actor.name }),
  ]
    .filter((part) => part !== false)
    .join(' · ');
}
