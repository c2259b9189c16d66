import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { type PickedField, useEditField } from '../../components/task/use-task-editing.ts';
import { pickerStore } from '../../components/picker/picker-store.ts';
import { dialogStore, newTaskDefaults, openDialog } from '../../lib/dialogs.ts';
import { currentlyPending } from '../../lib/tasks/pending-changes.ts';
import { findTask } from '../../lib/tasks/task-cache.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';

const fields: Readonly<Record<string, PickedField>> = {
  s: 'status',
  p: 'priority',
  a: 'assignees',
  d: 'due',
  l: 'labels',
};

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** The element of the task that a key means: under the pointer, else focused, else the open panel. */
function currentTaskElement(): HTMLElement | undefined {
  const hovered = [...document.querySelectorAll<HTMLElement>('[data-task-id]:hover')].at(-1);
  const focused = document.activeElement?.closest<HTMLElement>('[data-task-id]');
  const panel = document.querySelector<HTMLElement>('[data-task-panel]');
  return hovered ?? focused ?? panel ?? undefined;
}

/** Where the picker of a field opens: at the field's own button, if the element shows one. */
function anchorOf(element: HTMLElement, field: PickedField): HTMLElement {
  return element.querySelector<HTMLElement>(`[data-field="${field}"]`) ?? element;
}

/** The keys that work anywhere in a workspace, unless somebody is typing or a dialog is open. */
export function useShortcuts(): void {
  const client = useQueryClient();
  const navigate = useNavigate();
  const editField = useEditField();
  const { canWrite } = useWorkspaceScope();

  useEffect(() => {
    const closePanel = () => {
      if (document.querySelector('[data-task-panel]') === null) return;
      void navigate({ to: '.', search: ({ task: _closed, ...rest }) => rest });
    };
    const onTask = (event: KeyboardEvent, key: string) => {
      const element = currentTaskElement();
      const field = fields[key];
      if (element === undefined) return;
      if (key === 'm') {
        const box = document.querySelector<HTMLElement>('[data-comment-box]');
        box?.focus();
        if (box !== null) event.preventDefault();
        return;
      }
      const task = findTask(client, (other) => other.id === element.dataset['taskId']);
      if (field === undefined || task === undefined || !canWrite) return;
      event.preventDefault();
      editField(anchorOf(element, field), currentlyPending(task), field);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      if ((event.ctrlKey || event.metaKey) && key === 'k') {
        event.preventDefault();
        openDialog({ kind: 'search' });
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (dialogStore.get() !== undefined || pickerStore.get() !== undefined) return;
      if (document.querySelector('[aria-modal="true"]') !== null) return;
      if (key === 'escape' && !isTyping(event.target)) closePanel();
      if (isTyping(event.target)) return;
      if (key === '?') openDialog({ kind: 'shortcuts' });
      else if (key === '/') {
        event.preventDefault();
        openDialog({ kind: 'search' });
      } else if (key === 'c' && canWrite) {
        event.preventDefault();
        openDialog({ kind: 'new-task', defaults: newTaskDefaults.get() });
      } else onTask(event, key);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [client, navigate, editField, canWrite]);
}
