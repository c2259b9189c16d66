import type { CreateTaskBody } from '@taskflow/contract/tasks';
import { createStore } from './store.ts';

/** Fields that a new task inherits from where it is made: the column, the filter, the parent. */
export type NewTaskDefaults = Partial<Omit<CreateTaskBody, 'title'>> & { readonly projectId?: string };

/** The dialogs that any page can open. */
export type Dialog =
  | { readonly kind: 'new-task'; readonly defaults: NewTaskDefaults }
  | { readonly kind: 'new-project' }
  | { readonly kind: 'search' }
  | { readonly kind: 'shortcuts' };

/** The open dialog; the frame draws it. */
export const dialogStore = createStore<Dialog | undefined>(undefined);

/** Opens a dialog. */
export const openDialog = (dialog: Dialog) => dialogStore.set(dialog);
/** Closes whichever dialog is open. */
export const closeDialog = () => dialogStore.set(undefined);

/** What the page in view hands on to new tasks; the project's frame keeps it in step with the filter. */
export const newTaskDefaults = createStore<NewTaskDefaults>({});
