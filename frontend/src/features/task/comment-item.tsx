import { ActionIcon, Button, Menu } from '@mantine/core';
import type { Comment } from '@taskflow/contract/comments';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { Avatar } from '../../components/avatar.tsx';
import { LazyMarkdown } from '../../components/lazy-markdown.tsx';
import { formatAgo, formatExact } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyProblem } from '../../lib/notify.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './discussion.module.css';
import panelClasses from './task-panel.module.css';
import { useCommentActions } from './use-comment-actions.ts';

/** A comment; its author edits it, its author and admins delete it. */
export function CommentItem({ comment }: { readonly comment: Comment }) {
  const { me, memberById, canManage } = useWorkspaceScope();
  const { remove } = useCommentActions(comment.taskId);
  const now = useNow();
  const [editing, setEditing] = useState(false);
  const own = comment.authorId === me.id;
  const name = memberById.get(comment.authorId)?.name ?? t('common.unknownPerson');
  const onRemove = () => remove(comment).catch((error: unknown) => notifyProblem(t('problem.title'), error));

  return (
    <li>
      <article className={classes['comment']} aria-label={t('comment.by', { person: name })}>
        <header className={classes['commentHead']}>
          <Avatar userId={comment.authorId} name={name} />
          <span className={classes['author']}>{name}</span>
          <time className={classes['when']} dateTime={comment.createdAt} title={formatExact(comment.createdAt)}>
            {formatAgo(comment.createdAt, now)}
            {comment.editedAt !== null && ` · ${t('comment.edited')}`}
          </time>
          {(own || canManage) && (
            <Menu position="bottom-end" width={160} shadow="md">
              <Menu.Target>
                <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('comment.actions')}>
                  <IconDots size={16} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {own && (
                  <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setEditing(true)}>
                    {t('common.edit')}
                  </Menu.Item>
                )}
                <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => void onRemove()}>
                  {t('common.delete')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </header>
        <div className={classes['commentBody']}>
          {editing ? (
            <EditComment comment={comment} onDone={() => setEditing(false)} />
          ) : (
            <LazyMarkdown text={comment.body} />
          )}
        </div>
      </article>
    </li>
  );
}

function EditComment({ comment, onDone }: { readonly comment: Comment; readonly onDone: () => void }) {
  const { edit } = useCommentActions(comment.taskId);
  const [text, setText] = useState(comment.body);
  const save = async () => {
    try {
      if (text !== comment.body) await edit(comment, text);
      onDone();
    } catch (error) {
      notifyProblem(t('problem.title'), error);
    }
  };
  return (
    <>
      <textarea
        className={panelClasses['editor']}
        aria-label={t('comment.label')}
        // Opening the editor is asking to write.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
          else if (event.key === 'Escape') event.stopPropagation();
        }}
      />
      <div className={panelClasses['editorActions']}>
        <Button size="xs" variant="default" onClick={onDone}>
          {t('common.cancel')}
        </Button>
        <Button size="xs" disabled={text.trim() === ''} onClick={() => void save()}>
          {t('common.save')}
        </Button>
      </div>
    </>
  );
}
