import { Button } from '@mantine/core';
import { breakerModes } from '@taskflow/contract/jobs';
import type { Breaker } from '@taskflow/contract/operations';
import { IconBolt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { PageState } from '../../components/page/page-states.tsx';
import { Choice } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { formatDuration } from '../../lib/dates/duration.ts';
import { notifyDone } from '../../lib/notify.ts';
import { breakerEventsQuery, breakersQuery } from '../../lib/queries/operations.ts';
import { useChange } from '../../lib/use-change.ts';
import { BreakerHistory } from './breaker-history.tsx';
import classes from './operations.module.css';
import { Loaded, Pill } from './parts.tsx';
import { t } from './translate.ts';

/** Circuit breakers: which hold jobs back, until when, and what operators decide for them. */
export function BreakersPage() {
  const query = useQuery(breakersQuery);
  return (
    <main className={classes['page']}>
      <Loaded query={query}>
        {({ items, isLive }) => (
          <>
            {!isLive && (
              <p className={classes['notice']} role="status">
                {t('ops.breakersStale')}
              </p>
            )}
            {items.length === 0 && (
              <PageState
                icon={<IconBolt size={22} stroke={1.6} />}
                title={t('ops.noBreakers')}
                text={t('ops.noBreakersText')}
              />
            )}
            <ul className={classes['rows']}>
              {items.map((breaker) => (
                <BreakerRow key={breaker.key} breaker={breaker} />
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </main>
  );
}

const tones = { open: 'bad', 'half-open': 'warn', closed: 'good' } as const;

function BreakerRow({ breaker }: { readonly breaker: Breaker }) {
  const { key, type, scope, scopeName, errorCode, state, mode, modeSetBy, quarantined } = breaker;
  const [isOpen, setIsOpen] = useState(false);
  const touched = [breakersQuery.queryKey, breakerEventsQuery(key).queryKey] as const;
  const reset = useChange(
    async () => {
      await call('POST /breakers/{key}/reset', { params: { key } });
      notifyDone(t('ops.wasReset'));
    },
    ...touched,
  );
  const decide = useChange(
    (wanted: Breaker['mode']) => call('PUT /breakers/{key}/mode', { params: { key }, body: { mode: wanted } }),
    ...touched,
  );
  return (
    <li className={classes['row']}>
      <div className={classes['rowMain']}>
        <div className={classes['rowTitle']}>
          <Pill tone={tones[state]}>{t(`ops.breaker.${state}`)}</Pill>
          <b>
            {type} · {scopeName ?? (scope === '' ? t('ops.instance') : scope)} · <code>{errorCode}</code>
          </b>
        </div>
        <p>
          <Countdown breaker={breaker} />
          {quarantined > 0 && (
            <Link
              to="/operations/jobs"
              search={{ state: 'quarantined', reason: 'breaker', breaker: key }}
              className={classes['link']}
            >
              {t('ops.held', { count: quarantined })}
            </Link>
          )}
        </p>
        <p className={classes['muted']}>
          {t('ops.failures', { count: breaker.failuresInWindow })} {t('ops.ofRuns', { runs: breaker.runsInWindow })} ·{' '}
          {t('ops.inARow', { count: breaker.consecutiveFailures })}
          {modeSetBy === null ? '' : ` · ${t('ops.modeBy', { name: modeSetBy.name })}`}
        </p>
        {isOpen && <BreakerHistory breakerKey={key} />}
      </div>
      <div className={classes['actions']}>
        <Choice
          label={t('ops.modeOf', { key })}
          value={mode}
          options={breakerModes.map((value) => ({ value, name: t(`ops.mode.${value}`) }))}
          onChoose={(wanted) => decide.mutate(wanted)}
        />
        <Button
          size="xs"
          variant="default"
          loading={reset.isPending}
          disabled={state === 'closed'}
          onClick={() => reset.mutate(undefined)}
        >
          {t('ops.reset')}
        </Button>
        <Button size="xs" variant="subtle" aria-expanded={isOpen} onClick={() => setIsOpen((before) => !before)}>
          {t('ops.history')}
        </Button>
      </div>
    </li>
  );
}

/** What happens next, of a breaker that holds jobs back. */
function Countdown({ breaker: { state, mode, probeInMs } }: { readonly breaker: Breaker }) {
  if (state === 'half-open') return <b className={classes['countdown']}>{t('ops.probing')}</b>;
  if (state !== 'open' || mode === 'open' || probeInMs === null) return null;
  return (
    <b className={classes['countdown']} role="timer">
      {probeInMs < 1_000 ? t('ops.probeDue') : t('ops.probeIn', { duration: formatDuration(probeInMs) })}
    </b>
  );
}
