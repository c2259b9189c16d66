import { Button } from '@mantine/core';
import { IconCloudOff, IconMoodEmpty } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { ApiProblem, isProblem } from '../../lib/api/problem.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { copyText } from '../../lib/copy-text.ts';
import { t } from '../../lib/messages/translate.ts';
import classes from './page-states.module.css';

interface StateProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: ReactNode;
  readonly children?: ReactNode;
}

/** A page or a part of one that has nothing to show: what it means, and one next step. */
export function PageState({ icon, title, text, children }: StateProps) {
  return (
    <div className={classes['state']}>
      <span className={classes['icon']} aria-hidden>
        {icon}
      </span>
      <h2 className={classes['title']}>{title}</h2>
      <p className={classes['text']}>{text}</p>
      {children === undefined ? null : <div className={classes['actions']}>{children}</div>}
    </div>
  );
}

/** The page of an address that leads nowhere, or to something that the person may not see. */
export function NotFoundPage() {
  return (
    <PageState
      icon={<IconMoodEmpty size={22} stroke={1.6} />}
      title={t('problem.notFoundTitle')}
      text={t('problem.notFoundText')}
    >
      <Button component="a" href="/" variant="default">
        {t('problem.goHome')}
      </Button>
    </PageState>
  );
}

interface ErrorStateProps {
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** What happened, what is safe, a way to try again, and the request id for whoever looks into it. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  const [copied, setCopied] = useState(false);
  const requestId = error instanceof ApiProblem ? error.requestId : undefined;
  return (
    <div role="alert">
      <PageState
        icon={<IconCloudOff size={22} stroke={1.6} />}
        title={error instanceof ApiProblem ? t('problem.pageTitle') : t('problem.crashTitle')}
        text={error instanceof ApiProblem ? problemText(error) : t('problem.crashText')}
      >
        <Button variant="default" onClick={onRetry}>
          {t('common.retry')}
        </Button>
        {requestId === undefined ? null : (
          <button
            type="button"
            className={classes['request']}
            title={t('problem.copyRequestId')}
            onClick={() => void copyText(requestId).then(setCopied)}
          >
            {copied ? t('common.copied') : t('problem.requestId', { id: requestId })}
          </button>
        )}
      </PageState>
    </div>
  );
}

/** What the router shows when a page fails to load or to draw. */
export function RouteErrorPage({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const router = useRouter();
  if (isProblem(error, 'not_found')) return <NotFoundPage />;
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return <ErrorState error={error} onRetry={retry} />;
}

/** Rows in the shape of what is coming; they appear after 150 ms so that fast answers do not flicker. */
export function LoadingRows({ rows = 6 }: { readonly rows?: number }) {
  return (
    <div className={classes['skeletons']} role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={`row-${row + 1}`} className={classes['skeleton']} style={{ width: `${96 - ((row * 17) % 40)}%` }} />
      ))}
    </div>
  );
}
