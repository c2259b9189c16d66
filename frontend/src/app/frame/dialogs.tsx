import { lazy, Suspense, useEffect } from 'react';
import { closeDialog, dialogStore } from '../../lib/dialogs.ts';
import { useStore } from '../../lib/store.ts';
import { useOpenConflict } from '../../lib/tasks/conflicts.ts';

const loadNewTask = () => import('../../features/task/new-task-dialog.tsx');
const loadSearch = () => import('./search-dialog.tsx');
const NewTaskDialog = lazy(async () => ({ default: (await loadNewTask()).NewTaskDialog }));
const ConflictDialog = lazy(async () => ({
  default: (await import('../../features/task/conflict-dialog.tsx')).ConflictDialog,
}));
const NewProjectDialog = lazy(async () => ({
  default: (await import('../../features/project-settings/new-project-dialog.tsx')).NewProjectDialog,
}));
const SearchDialog = lazy(async () => ({ default: (await loadSearch()).SearchDialog }));
const ShortcutSheet = lazy(async () => ({ default: (await import('./shortcut-sheet.tsx')).ShortcutSheet }));

/** When the page has settled, what a single key opens is loaded, so that no letter typed right after it is lost. */
const idleMs = 1_500;

/** Draws the open dialog, and the question of a conflict over it. */
export function Dialogs() {
  const dialog = useStore(dialogStore, (open) => open);
  const conflict = useOpenConflict();
  useEffect(() => {
    const timer = setTimeout(() => void Promise.all([loadNewTask(), loadSearch()]), idleMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Suspense fallback={null}>
      {dialog?.kind === 'new-task' && <NewTaskDialog defaults={dialog.defaults} onClose={closeDialog} />}
      {dialog?.kind === 'new-project' && <NewProjectDialog onClose={closeDialog} />}
      {dialog?.kind === 'search' && <SearchDialog onClose={closeDialog} />}
      {dialog?.kind === 'shortcuts' && <ShortcutSheet onClose={closeDialog} />}
      {conflict !== undefined && <ConflictDialog conflict={conflict} />}
    </Suspense>
  );
}
