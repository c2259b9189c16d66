import { useQuery } from '@tanstack/react-query';
import type { ImportProblem } from '@taskflow/contract/exchange';
import { StateBadge } from '../../components/state-badge.tsx';
import { importProblemsQuery } from '../../lib/queries/exchange.ts';
import classes from './exchange.module.css';
import { ReadProblem } from './read-problem.tsx';
import { t } from './translate.ts';

/** What was found in a file, by line. */
export function ImportProblems({ jobId }: { readonly jobId: string }) {
  const { data: problems, error, refetch } = useQuery(importProblemsQuery(jobId));
  return (
    <>
      <ReadProblem error={error} onRetry={refetch} />
      <ul className={classes['problems']} aria-label={t('exchange.problems')}>
        {(problems ?? []).map((problem) => (
          <li key={`${String(problem.line)} ${problem.field ?? ''} ${problem.message}`}>
            <StateBadge tone={problem.isFatal ? 'bad' : 'idle'}>
              {problem.isFatal ? t('exchange.fatal') : t('exchange.note')}
            </StateBadge>{' '}
            {textOf(problem)}
          </li>
        ))}
      </ul>
    </>
  );
}

function textOf({ line, field, message }: ImportProblem): string {
  if (line === 0) return t('exchange.ofFile', { message });
  return field === null ? t('exchange.problem', { line, message }) : t('exchange.problemOf', { line, field, message });
}
