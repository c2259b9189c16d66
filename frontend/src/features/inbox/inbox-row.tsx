import { ActionIcon } from '@mantine/core';
import type { InboxThread, Notification } from '@taskflow/contract/notifications';
import { IconCheck, IconClock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Avatar } from '../../components/avatar.tsx';
import { formatAgo, formatDay, formatExact } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './inbox.module.css';

/** How many things a row tells; the task itself tells all of them. */
const mostTold = 3;

interface InboxRowProps {
  readonly thread: InboxThread;
  readonly onRead: () => void;
}

/** What happened to one task, or an invitation. Opening the task marks it as read. */
export function InboxRow({ thread, onRead }: InboxRowProps) {
  const { workspace } = useWorkspaceScope();
  const now = useNow();
  const { task, latest, unreadCount, count } = thread;
  const isUnread = unreadCount > 0;
  const told = latest.slice(0, mostTold);
  const title =
    task === null ? t('inbox.invitation', { workspace: thread.workspace.name }) : `${task.key} ${task.title}`;
  return (
    <li className={classes['row']} data-unread={isUnread || undefined}>
      <Sign notification={latest[0]} />
      <div className={classes['main']}>
        <p className={classes['head']}>
          <TaskAnchor thread={thread} onOpen={isUnread ? onRead : undefined}>
            {title}
          </TaskAnchor>
          {isUnread && <span className={classes['unread']}>{t('inbox.unread', { count: unreadCount })}</span>}
          {thread.workspace.id !== workspace.id && <span className={classes['where']}>{thread.workspace.name}</span>}
        </p>
        {told.map((notification) => (
          <div key={notification.id} className={classes['told']}>
            <p>
              {sentenceOf(notification, now)}{' '}
              <time className={classes['when']} dateTime={notification.at} title={formatExact(notification.at)}>
                {formatAgo(notification.at, now)}
              </time>
            </p>
            {notification.excerpt !== null && <p className={classes['excerpt']}>{notification.excerpt}</p>}
          </div>
        ))}
        {count > told.length && <p className={classes['when']}>{t('inbox.more', { count: count - told.length })}</p>}
      </div>
      {isUnread && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('inbox.markRead', { title })}
          title={t('inbox.markRead', { title })}
          onClick={onRead}
        >
          <IconCheck size={17} stroke={1.7} />
        </ActionIcon>
      )}
    </li>
  );
}

function Sign({ notification }: { readonly notification: Notification | undefined }) {
  const actor = notification?.actor ?? null;
  return actor === null ? (
    <span className={classes['clock']} aria-hidden>
      <IconClock size={16} stroke={1.7} />
    </span>
  ) : (
    <Avatar userId={actor.id} name={actor.name} size={26} />
  );
}

interface TaskAnchorProps {
  readonly thread: InboxThread;
  readonly onOpen: (() => void) | undefined;
  readonly children: ReactNode;
}

/** Leads to the task: over the inbox where it is of the same workspace, else to its page there. */
function TaskAnchor({ thread, onOpen, children }: TaskAnchorProps) {
  const { workspace } = useWorkspaceScope();
  const { task } = thread;
  const shared = { className: classes['link'], 'data-thread-link': true, onClick: onOpen, preload: false } as const;
  if (task === null) {
    return (
      <span className={classes['link']} data-thread-link tabIndex={-1}>
        {children}
      </span>
    );
  }
  if (thread.workspace.id !== workspace.id) {
    return (
      <Link to="/w/$workspace/t/$key" params={{ workspace: thread.workspace.slug, key: task.key }} {...shared}>
        {children}
      </Link>
    );
  }
  return (
    <Link to="." search={(search) => ({ ...search, task: task.key })} resetScroll={false} {...shared}>
      {children}
    </Link>
  );
}

function sentenceOf({ kind, actor, statusName, dueAt }: Notification, now: Date): string {
  const name = actor?.name ?? t('common.unknownPerson');
  switch (kind) {
    case 'status_changed':
      return statusName === null
        ? t('inbox.moved', { actor: name })
        : t('inbox.movedTo', { actor: name, status: statusName });
    case 'overdue':
    case 'due_soon':
      return t(`inbox.${kind}`, { when: dueAt === null ? '' : formatDay(dueAt, now) });
    case 'assigned':
    case 'mentioned':
    case 'commented':
    case 'invited':
      return t(`inbox.${kind}`, { actor: name });
  }
}
