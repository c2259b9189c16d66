import { Button } from '@mantine/core';
import { type SyntheticEvent, type KeyboardEvent, useRef, useState } from 'react';
import { t } from '../../lib/messages/translate.ts';
import { newId } from '../../lib/new-id.ts';
import { notifyProblem } from '../../lib/notify.ts';
import classes from './discussion.module.css';
import { useCommentActions } from './use-comment-actions.ts';

/** Where the next comment is written; what is typed stays until the API has it. */
export function CommentBox({ taskId }: { readonly taskId: string }) {
  const { add } = useCommentActions(taskId);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const key = useRef(newId());

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (text.trim() === '' || busy) return;
    setBusy(true);
    try {
      await add(text, key.current);
      key.current = newId();
      setText('');
    } catch (error) {
      notifyProblem(t('problem.title'), error);
    } finally {
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event);
    else if (event.key === 'Escape') {
      event.stopPropagation();
      event.currentTarget.blur();
    }
  };
  return (
    <form className={classes['box']} onSubmit={(event) => void submit(event)}>
      <textarea
        aria-label={t('comment.label')}
        placeholder={t('comment.placeholder')}
        data-comment-box
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div className={classes['boxActions']}>
        <Button type="submit" size="xs" loading={busy} disabled={text.trim() === ''}>
          {t('comment.add')}
        </Button>
      </div>
    </form>
  );
}
