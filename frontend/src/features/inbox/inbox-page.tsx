import { Button, Switch } from '@mantine/core';
import type { InboxThread } from '@taskflow/contract/notifications';
import { IconChecks, IconInbox } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import { ErrorState, LoadingRows, PageState } from '../../components/page/page-states.tsx';
import { t } from '../../lib/messages/translate.ts';
import { inboxQuery } from '../../lib/queries/notifications.ts';
import { useTitle } from '../../lib/use-title.ts';
import { useKnownTimeZone } from '../../lib/use-time-zone.ts';
import { InboxRow } from './inbox-row.tsx';
import classes from './inbox.module.css';
import { useReading } from './use-reading.ts';

const route = getRouteApi('/signed-in/w/$workspace/inbox');

/** What concerns the person, of every workspace, by task. */
export function InboxPage() {
  useTitle(t('inbox.title'));
  useKnownTimeZone();
  const unreadOnly = route.useSearch().unread === 'yes';
  const inbox = useInfiniteQuery(inboxQuery(unreadOnly));
  const reading = useReading();
  const threads = inbox.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Header
        unreadOnly={unreadOnly}
        onReadAll={threads.some(({ unreadCount }) => unreadCount > 0) ? () => reading.mutate({ all: true }) : undefined}
      />
      {inbox.data === undefined && inbox.error === null && <LoadingRows rows={8} />}
      {inbox.data === undefined && inbox.error !== null && (
        <ErrorState error={inbox.error} onRetry={() => void inbox.refetch()} />
      )}
      {inbox.data !== undefined && threads.length === 0 && <Empty unreadOnly={unreadOnly} />}
      {threads.length > 0 && <Threads threads={threads} onRead={(id) => reading.mutate({ ids: [id] })} />}
      {inbox.hasNextPage && (
        <Button
          className={classes['more']}
          variant="subtle"
          color="gray"
          loading={inbox.isFetchingNextPage}
          onClick={() => void inbox.fetchNextPage()}
        >
          {t('common.more')}
        </Button>
      )}
    </>
  );
}

interface HeaderProps {
  readonly unreadOnly: boolean;
  /** Missing where there is nothing to read. */
  readonly onReadAll: (() => void) | undefined;
}

function Header({ unreadOnly, onReadAll }: HeaderProps) {
  const navigate = useNavigate({ from: '/w/$workspace/inbox' });
  return (
    <header className={classes['header']}>
      <h1 className={classes['title']}>{t('inbox.title')}</h1>
      <Switch
        size="xs"
        label={t('inbox.unreadOnly')}
        checked={unreadOnly}
        onChange={({ currentTarget: { checked } }) =>
          void navigate({
            search: ({ unread: _unread, ...rest }) => (checked ? { ...rest, unread: 'yes' } : rest),
            replace: true,
          })
        }
      />
      <Button
        variant="subtle"
        color="gray"
        size="xs"
        leftSection={<IconChecks size={15} stroke={1.7} />}
        disabled={onReadAll === undefined}
        onClick={onReadAll}
      >
        {t('inbox.readAll')}
      </Button>
    </header>
  );
}

function Empty({ unreadOnly }: { readonly unreadOnly: boolean }) {
  return (
    <PageState
      icon={<IconInbox size={22} stroke={1.6} />}
      title={t('inbox.emptyTitle')}
      text={t(unreadOnly ? 'inbox.allReadText' : 'inbox.emptyText')}
    >
      <Button variant="default" renderRoot={(props) => <Link to="/me" hash="notifications" {...props} />}>
        {t('inbox.chooseWhat')}
      </Button>
    </PageState>
  );
}

interface ThreadsProps {
  readonly threads: readonly InboxThread[];
  readonly onRead: (id: string) => void;
}

/** Arrow keys walk over the rows. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-thread-link]')];
  const current = links.findIndex((link) => link.closest('li')?.contains(document.activeElement) === true);
  const next = links[current + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function Threads({ threads, onRead }: ThreadsProps) {
  return (
    // The rows take the focus; the list only moves it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <ul className={classes['threads']} aria-label={t('inbox.list')} onKeyDown={walk}>
      {threads.map((thread) => (
        <InboxRow key={thread.task?.id ?? thread.id} thread={thread} onRead={() => onRead(thread.id)} />
      ))}
    </ul>
  );
}
