import { Button, Switch } from '@mantine/core';
import { type SyntheticEvent, type KeyboardEvent, useRef, useState } from 'react';
import { Dialog } from '../../components/dialog.tsx';
import { LabelDot } from '../../components/task/label-chip.tsx';
import { openPicker } from '../../components/picker/picker-store.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import type { NewTaskDefaults } from '../../lib/dialogs.ts';
import { t } from '../../lib/messages/translate.ts';
import { newId } from '../../lib/new-id.ts';
import { notifyDone } from '../../lib/notify.ts';
import { readStored, writeStored } from '../../lib/stored.ts';
import { useTaskActions } from '../../lib/tasks/task-actions.ts';
import { takeTyped } from '../../lib/type-ahead.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { DraftFields, type TaskDraft } from './draft-fields.tsx';
import classes from './new-task-dialog.module.css';

interface NewTaskDialogProps {
  readonly defaults: NewTaskDefaults;
  readonly onClose: () => void;
}

/** Writes down a task; Enter saves it, and the dialog can stay open for the next one. */
export function NewTaskDialog({
  defaults: { projectId: wantedProject, description: _none, ...fields },
  onClose,
}: NewTaskDialogProps) {
  const { projects } = useWorkspaceScope();
  const { create } = useTaskActions();
  const [projectId, setProjectId] = useState(wantedProject ?? readStored('project') ?? projects[0]?.id);
  const project = projects.find((other) => other.id === projectId) ?? projects[0];
  const [draft, setDraft] = useState<TaskDraft>(fields);
  const [title, setTitle] = useState(takeTyped);
  const [description, setDescription] = useState('');
  const [stay, setStay] = useState(() => readStored('keep-new-task-open') === 'yes');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const titleField = useRef<HTMLInputElement>(null);
  // The same key until it succeeded: pressing Enter again after a lost answer makes no second task.
  const key = useRef(newId());

  const save = async () => {
    if (project === undefined || busy) return;
    if (title.trim() === '') return setProblem(t('task.titleMissing'));
    setBusy(true);
    setProblem(undefined);
    try {
      const body = { ...draft, title, ...(description.trim() === '' ? {} : { description }) };
      const created = await create(project.id, body, key.current);
      key.current = newId();
      writeStored('project', project.id);
      notifyDone(t('task.created', { key: created.key }));
      if (!stay) return onClose();
      setTitle('');
      setDescription('');
      titleField.current?.focus();
    } catch (error) {
      setProblem(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    void save();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
  };
  const chooseProject = (anchor: HTMLElement) =>
    openPicker(anchor, {
      kind: 'one',
      label: t('task.project'),
      options: projects.map((other) => ({ id: other.id, label: other.name, icon: <LabelDot color={other.color} /> })),
      ...(project === undefined ? {} : { value: project.id }),
      onPick: (id) => {
        setProjectId(id);
        // Statuses and sub-tasks belong to one project.
        setDraft(({ statusId: _status, parentId: _parent, ...rest }) => (id === projectId ? draft : rest));
      },
    });

  return (
    <Dialog title={t('task.new')} onClose={onClose} size={600}>
      <form onSubmit={submit}>
        <div className={classes['where']}>
          <button
            type="button"
            className={classes['chip']}
            aria-label={`${t('task.project')}: ${project?.name ?? ''}`}
            onClick={(event) => chooseProject(event.currentTarget)}
          >
            {project !== undefined && <LabelDot color={project.color} />}
            {project?.name}
          </button>
        </div>
        <input
          ref={titleField}
          className={classes['title']}
          aria-label={t('task.title')}
          placeholder={t('task.titlePlaceholder')}
          maxLength={500}
          data-autofocus
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <textarea
          className={classes['description']}
          aria-label={t('task.description')}
          placeholder={t('task.descriptionPlaceholder')}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {problem !== undefined && (
          <p className={classes['problem']} role="alert">
            {problem}
          </p>
        )}
        {project !== undefined && <DraftFields projectId={project.id} draft={draft} onChange={setDraft} />}
        <div className={classes['foot']}>
          <Switch
            size="xs"
            label={t('task.createMore')}
            checked={stay}
            onChange={({ currentTarget }) => {
              setStay(currentTarget.checked);
              writeStored('keep-new-task-open', currentTarget.checked ? 'yes' : 'no');
            }}
          />
          <Button type="submit" size="sm" loading={busy}>
            {t('task.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
