import type { Status } from '@taskflow/contract/projects';
import type { Priority } from '@taskflow/contract/tasks';
import type { ReactNode } from 'react';
import { createStore } from '../../lib/store.ts';

/** One thing to choose. */
export interface PickerOption {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
}

/** What can be chosen, and what happens with the choice. Lists (`ids`) are handed over once, when the picker closes. */
export type PickerRequest =
  | {
      readonly kind: 'status';
      readonly projectId: string;
      readonly value: string | undefined;
      readonly onPick: (status: Status) => void;
    }
  | { readonly kind: 'priority'; readonly value: Priority; readonly onPick: (priority: Priority) => void }
  | {
      readonly kind: 'assignees';
      readonly projectId: string;
      readonly value: readonly string[];
      readonly onPick: (ids: string[]) => void;
    }
  | { readonly kind: 'labels'; readonly value: readonly string[]; readonly onPick: (ids: string[]) => void }
  | {
      readonly kind: 'date';
      readonly field: 'due' | 'start';
      readonly value: string | null;
      readonly onPick: (instant: string | null) => void;
    }
  | {
      readonly kind: 'one';
      readonly label: string;
      readonly options: readonly PickerOption[];
      readonly value?: string;
      readonly onPick: (id: string) => void;
    }
  | {
      readonly kind: 'many';
      readonly label: string;
      readonly options: readonly PickerOption[];
      readonly value: readonly string[];
      readonly onPick: (ids: string[]) => void;
    };

/** An open picker and the element that it stands beside. */
export interface OpenPicker {
  readonly anchor: HTMLElement;
  readonly request: PickerRequest;
}

/** The one picker of the page; hundreds of cards share it. */
export const pickerStore = createStore<OpenPicker | undefined>(undefined);

/** Opens a picker beside an element; whatever was open closes. */
export function openPicker(anchor: HTMLElement, request: PickerRequest): void {
  pickerStore.set({ anchor, request });
}
