import { lazy, Suspense, useEffect } from 'react';
import { closeDialog, dialogStore } from '../../lib/dialogs.ts';
import { useStore } from '../../lib/store.ts';
import { useOpenConflict } from '../../lib/tasks/conflicts.ts';
import { catchTyping } from '../../lib/type-ahead.ts';

const NewTaskDialog = lazy(async () => ({
  default: (await import('../../features/task/new-task-dialog.tsx')).NewTaskDialog,
}));
const ConflictDialog = lazy(async () => ({
  default: (await import('../../features/task/conflict-dialog.tsx')).ConflictDialog,
}));
const NewProjectDialog = lazy(async () => ({
  default: (await import('../../features/project-settings/new-project-dialog.tsx')).NewProjectDialog,
}));
const SearchDialog = lazy(async () => ({ default: (await import('./search-dialog.tsx')).SearchDialog }));
const ShortcutSheet = lazy(async () => ({ default: (await import('./shortcut-sheet.tsx')).ShortcutSheet }));

/** Draws the open dialog, and the question of a conflict over it. */
export function Dialogs() {
  const dialog = useStore(dialogStore, (open) => open);
  const conflict = useOpenConflict();
  return (
    <Suspense fallback={<Catching />}>
      {dialog?.kind === 'new-task' && <NewTaskDialog defaults={dialog.defaults} onClose={closeDialog} />}
      {dialog?.kind === 'new-project' && <NewProjectDialog onClose={closeDialog} />}
      {dialog?.kind === 'search' && <SearchDialog onClose={closeDialog} />}
      {dialog?.kind === 'shortcuts' && <ShortcutSheet onClose={closeDialog} />}
      {conflict !== undefined && <ConflictDialog conflict={conflict} />}
    </Suspense>
  );
}

/** While a dialog loads, what is typed is kept for it. */
function Catching() {
  useEffect(catchTyping, []);
  return null;
}
