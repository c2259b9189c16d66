import type { Activity } from '@taskflow/contract/activity';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { describe, type ActivityNames } from '../../components/activity/describe.ts';
import { useActivityNames } from '../../components/activity/use-activity-names.ts';
import { Avatar } from '../../components/avatar.tsx';
import { TaskLink } from '../../components/task/task-link.tsx';
import { problemText } from '../../lib/api/problem-text.ts';
import { formatAgo, formatExact } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { workspaceActivityQuery } from '../../lib/queries/discussion.ts';
import { findTask } from '../../lib/tasks/task-cache.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './home.module.css';

/** What the team did lately, as sentences. */
export function RecentActivity() {
  const { workspace } = useWorkspaceScope();
  const feed = useInfiniteQuery(workspaceActivityQuery(workspace.id));
  const activities = feed.data?.pages.flatMap((page) => page.items) ?? [];
  const names = useActivityNames(activities.flatMap((activity) => activity.projectId ?? []));
  return (
    <section aria-labelledby="recent-activity">
      <h2 id="recent-activity" className={classes['recentTitle']}>
        {t('home.recent')}
      </h2>
      {feed.error !== null && <p role="alert">{problemText(feed.error)}</p>}
      {feed.data !== undefined && activities.length === 0 && <p className={classes['when']}>{t('home.noActivity')}</p>}
      <ol className={classes['feed']}>
        {activities.map((activity) => (
          <Event key={activity.number} activity={activity} names={names} />
        ))}
        {feed.hasNextPage && (
          <li>
            <button type="button" className={classes['more']} onClick={() => void feed.fetchNextPage()}>
              {t('common.more')}
            </button>
          </li>
        )}
      </ol>
    </section>
  );
}

function Event({ activity, names }: { readonly activity: Activity; readonly names: ActivityNames }) {
  const client = useQueryClient();
  const task = activity.taskId === null ? undefined : findTask(client, (other) => other.id === activity.taskId);
  const sentence = describe(activity, `“${activity.subject ?? t('act.thisTask')}”`, names);
  return (
    <li className={classes['event']}>
      <Avatar userId={activity.actorId} name={names.person(activity.actorId)} size={22} />
      <p>
        {task === undefined ? sentence : <TaskLink taskKey={task.key}>{sentence}</TaskLink>}
        <time className={classes['when']} dateTime={activity.at} title={formatExact(activity.at)}>
          {formatAgo(activity.at, names.now)}
        </time>
      </p>
    </li>
  );
}
