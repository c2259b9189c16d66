import { jobStates } from '@taskflow/contract/jobs';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Choice } from '../../components/settings/settings.tsx';
import { type JobFilter, queuesQuery } from '../../lib/queries/operations.ts';
import { chipFilters, useChangeJobSearch } from './job-search.ts';
import classes from './operations.module.css';
import { t } from './translate.ts';

const any = '';
/** How long the filter waits for the next letter before it looks. */
const typingPauseMs = 300;

/** What the list of jobs is narrowed to. */
export function JobFilters({ filter }: { readonly filter: JobFilter }) {
  const change = useChangeJobSearch();
  const { data: queues } = useQuery(queuesQuery);
  const names = new Set((queues?.types ?? []).map(({ type }) => type));
  if (filter.type !== undefined) names.add(filter.type);
  return (
    <>
      <Choice
        label={t('ops.filterState')}
        value={filter.state ?? any}
        options={[
          { value: any, name: t('ops.anyState') },
          ...jobStates.map((value) => ({ value, name: t(`ops.state.${value}`) })),
        ]}
        onChoose={(state) => change({ state: state === any ? undefined : state })}
      />
      <Choice
        label={t('ops.filterType')}
        value={filter.type ?? any}
        options={[{ value: any, name: t('ops.anyType') }, ...[...names].map((value) => ({ value, name: value }))]}
        onChoose={(type) => change({ type: type === any ? undefined : type })}
      />
      <ErrorFilter code={filter.error ?? ''} onChange={(error) => change({ error })} />
      {chipFilters.map((name) => {
        const value = filter[name];
        return value === undefined ? null : (
          <span key={name} className={classes['chip']}>
            <span>
              {t(`ops.filter.${name}`)}{' '}
              <code>{name === 'reason' ? t(`ops.reason.${filter.reason ?? 'breaker'}`) : value}</code>
            </span>
            <button
              type="button"
              aria-label={t('ops.clearFilter', { name: t(`ops.filter.${name}`) })}
              onClick={() => change({ [name]: undefined })}
            >
              <IconX size={13} aria-hidden />
            </button>
          </span>
        );
      })}
    </>
  );
}

interface ErrorFilterProps {
  readonly code: string;
  readonly onChange: (code: string | undefined) => void;
}

function ErrorFilter({ code, onChange }: ErrorFilterProps) {
  const [text, setText] = useState(code);
  useEffect(() => setText(code), [code]);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === code) return undefined;
    const timer = setTimeout(() => onChange(wanted === '' ? undefined : wanted), typingPauseMs);
    return () => clearTimeout(timer);
  }, [text, code, onChange]);
  return (
    <input
      className={classes['input']}
      aria-label={t('ops.filterError')}
      placeholder={t('ops.filterError')}
      value={text}
      spellCheck={false}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
    />
  );
}
