import { ActionIcon, Button } from '@mantine/core';
import type { Task } from '@taskflow/contract/tasks';
import { IconPencil } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { LazyMarkdown } from '../../components/lazy-markdown.tsx';
import { t } from '../../lib/messages/translate.ts';
import { useTaskActions } from '../../lib/tasks/task-actions.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './task-panel.module.css';

/** The description in Markdown, and its editor. */
export function TaskDescription({ task }: { readonly task: Task }) {
  const { canWrite } = useWorkspaceScope();
  // The task as it was when editing began, so that what others do meanwhile shows as a conflict.
  const [base, setBase] = useState<Task>();
  if (base !== undefined) return <Editor base={base} onDone={() => setBase(undefined)} />;
  if (task.description === '') {
    if (!canWrite) return null;
    return (
      <button type="button" className={classes['placeholder']} onClick={() => setBase(task)}>
        {t('task.descriptionPlaceholder')}
      </button>
    );
  }
  return (
    <div className={classes['description']}>
      <LazyMarkdown text={task.description} />
      {canWrite && (
        <ActionIcon
          className={classes['editButton'] ?? ''}
          variant="default"
          aria-label={t('task.editDescription')}
          onClick={() => setBase(task)}
        >
          <IconPencil size={16} stroke={1.7} />
        </ActionIcon>
      )}
    </div>
  );
}

function Editor({ base, onDone }: { readonly base: Task; readonly onDone: () => void }) {
  const { patch } = useTaskActions();
  const [text, setText] = useState(base.description);
  const save = () => {
    onDone();
    if (text !== base.description) void patch(base, { description: text });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
    else if (event.key === 'Escape' && text === base.description) {
      event.stopPropagation();
      onDone();
    }
  };
  return (
    <div>
      <textarea
        className={classes['editor']}
        aria-label={t('task.description')}
        placeholder={t('task.descriptionPlaceholder')}
        // Opening the editor is asking to write.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div className={classes['editorActions']}>
        <Button size="xs" variant="default" onClick={onDone}>
          {t('common.cancel')}
        </Button>
        <Button size="xs" onClick={save}>
          {t('common.save')}
        </Button>
      </div>
    </div>
  );
}
