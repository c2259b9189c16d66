import type { Activity } from '@taskflow/contract/activity';
import type { Comment } from '@taskflow/contract/comments';
import type { Task } from '@taskflow/contract/tasks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { describe } from '../../components/activity/describe.ts';
import { useActivityNames } from '../../components/activity/use-activity-names.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { formatAgo, formatExact } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { commentsQuery, taskActivityQuery } from '../../lib/queries/discussion.ts';
import { CommentBox } from './comment-box.tsx';
import { CommentItem } from './comment-item.tsx';
import classes from './discussion.module.css';
import panelClasses from './task-panel.module.css';

type Entry =
  | { readonly at: string; readonly id: string; readonly comment: Comment }
  | { readonly at: string; readonly id: string; readonly activity: Activity };

/** Comments stand for themselves, so their own activity is left out. */
function entriesOf(comments: readonly Comment[], activities: readonly Activity[]): Entry[] {
  const events = activities.filter(({ type }) => !type.startsWith('comment.'));
  return [
    ...comments.map((comment) => ({ at: comment.createdAt, id: comment.id, comment })),
    ...events.map((activity) => ({ at: activity.at, id: `activity-${activity.number}`, activity })),
  ].toSorted((one, other) => (one.at < other.at ? -1 : 1));
}

/** What people said and did about a task, oldest first, and the box for the next comment. */
export function Discussion({ task }: { readonly task: Task }) {
  const comments = useQuery(commentsQuery(task.id));
  const activity = useQuery(taskActivityQuery(task.id));
  const names = useActivityNames([task.projectId]);
  const [withHistory, setWithHistory] = useState(true);
  const entries = entriesOf(comments.data ?? [], withHistory ? (activity.data ?? []) : []);
  const error = comments.error ?? activity.error;

  return (
    <section aria-label={t('activity.title')}>
      <div className={panelClasses['sectionHead']}>
        <h2 className={panelClasses['sectionName']}>{t('activity.title')}</h2>
        <button type="button" className={classes['filter']} onClick={() => setWithHistory(!withHistory)}>
          {t(withHistory ? 'activity.commentsOnly' : 'activity.showAll')}
        </button>
      </div>
      {error !== null && <p role="alert">{problemText(error)}</p>}
      <ol className={classes['timeline']}>
        {entries.map((entry) =>
          'comment' in entry ? (
            <CommentItem key={entry.id} comment={entry.comment} />
          ) : (
            <li key={entry.id} className={classes['event']}>
              <span>
                {describe(entry.activity, t('act.thisTask'), names)}
                {' · '}
                <time dateTime={entry.at} title={formatExact(entry.at)}>
                  {formatAgo(entry.at, names.now)}
                </time>
              </span>
            </li>
          ),
        )}
        {comments.data?.length === 0 && !withHistory && <li className={classes['event']}>{t('activity.none')}</li>}
      </ol>
      <CommentBox taskId={task.id} />
    </section>
  );
}
