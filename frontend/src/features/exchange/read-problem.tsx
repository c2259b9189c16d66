import { Button } from '@mantine/core';
import { settingsClasses } from '../../components/settings/settings.tsx';
import { problemText } from '../../lib/api/problem-text.ts';
import { t } from './translate.ts';

/** Says why a list could not be read, and offers to try again. */
export function ReadProblem({ error, onRetry }: { readonly error: Error | null; readonly onRetry: () => unknown }) {
  if (error === null) return null;
  return (
    <p className={settingsClasses.foot} role="alert">
      {problemText(error)}{' '}
      <Button size="xs" variant="default" onClick={() => void onRetry()}>
        {t('common.retry')}
      </Button>
    </p>
  );
}
