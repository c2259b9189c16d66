import type { JobState } from '@taskflow/contract/jobs';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { ErrorState, LoadingRows } from '../../components/page/page-states.tsx';
import { problemText } from '../../lib/api/problem-text.ts';
import { formatExact } from '../../lib/dates/format.ts';
import { formatDuration, msBetween } from '../../lib/dates/duration.ts';
import classes from './operations.module.css';
import { t } from './translate.ts';

/** How a state or an outcome looks; its name always stands beside the colour. */
export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'quiet';

interface PillProps {
  readonly tone: Tone;
  readonly children: ReactNode;
}

/** A state in a word. */
export function Pill({ tone, children }: PillProps) {
  return (
    <span className={classes['pill']} data-tone={tone}>
      {children}
    </span>
  );
}

const tones: Readonly<Record<JobState, Tone>> = {
  scheduled: 'quiet',
  pending: 'quiet',
  queued: 'busy',
  running: 'busy',
  retrying: 'warn',
  quarantined: 'bad',
  succeeded: 'good',
  canceled: 'quiet',
  discarded: 'quiet',
};

/** The state of a job. */
export function JobStatePill({ state }: { readonly state: JobState }) {
  return <Pill tone={tones[state]}>{t(`ops.state.${state}`)}</Pill>;
}

/** The present moment, kept to the second while something counts. */
export function useSeconds(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** How long ago, or how long until; the exact moment on hover. */
export function When({ instant, now }: { readonly instant: string; readonly now: Date }) {
  return (
    <time dateTime={instant} title={formatExact(instant)}>
      {agoText(msBetween(instant, now))}
    </time>
  );
}

function agoText(ms: number): string {
  if (Math.abs(ms) < 1_000) return t('ops.now');
  return ms > 0 ? t('ops.ago', { duration: formatDuration(ms) }) : t('ops.in', { duration: formatDuration(-ms) });
}

interface LoadedProps<Data> {
  readonly query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'>;
  readonly children: (data: Data) => ReactNode;
}

/** What a query answered; until then rows in its place, or what went wrong. */
export function Loaded<Data>({ query: { data, error, refetch }, children }: LoadedProps<Data>) {
  if (data === undefined) {
    return error === null ? <LoadingRows rows={8} /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  return (
    <>
      {error !== null && (
        <p className={classes['notice']} role="alert">
          {t('ops.stale', { problem: problemText(error) })}
        </p>
      )}
      {children(data)}
    </>
  );
}
