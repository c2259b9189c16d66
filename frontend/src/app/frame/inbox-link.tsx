import { IconInbox } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { t } from '../../lib/messages/translate.ts';
import { inboxCountQuery } from '../../lib/queries/notifications.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './sidebar.module.css';

/** The way to the inbox, and how much is unread there. */
export function InboxLink() {
  const { workspace } = useWorkspaceScope();
  const { data: unread = 0 } = useQuery(inboxCountQuery);
  return (
    <Link
      to="/w/$workspace/inbox"
      params={{ workspace: workspace.slug }}
      className={classes['item']}
      activeOptions={{ exact: true, includeSearch: false }}
    >
      <IconInbox size={18} stroke={1.7} aria-hidden />
      {t('inbox.title')}
      {unread > 0 && (
        <span className={classes['count']} aria-label={t('inbox.unread', { count: unread })}>
          {unread > 99 ? '99+' : unread}
        </span>
      )}
    </Link>
  );
}
