import type { Priority, TaskLinkType } from '@taskflow/contract/tasks';
import type { Moment } from '../moment.ts';

/** The people of the story. */
export type PersonKey = 'maya' | 'jonas' | 'priya';

/** Names of the columns that a new project has. */
export type StatusName = 'Backlog' | 'To do' | 'In progress' | 'Done' | 'Canceled';

/** Prefixes of the two projects. */
export type ProjectKey = 'BOOK' | 'LAUNCH';

/** What happens to a task after it was written down. */
export type Step = { readonly at: Moment; readonly by: PersonKey } & (
  | { readonly move: StatusName }
  | { readonly say: string }
  | { readonly change: { readonly priority?: Priority; readonly dueDay?: number; readonly estimate?: number } }
  | { readonly link: { readonly type: TaskLinkType; readonly to: string } }
);

/** A task of the story and what becomes of it. */
export interface StoryTask {
  /** A name for other tasks to point at. */
  readonly ref: string;
  readonly project: ProjectKey;
  readonly at: Moment;
  readonly by: PersonKey;
  readonly title: string;
  readonly description?: string;
  readonly assignees?: readonly PersonKey[];
  /** Names of labels. */
  readonly labels?: readonly string[];
  readonly priority?: Priority;
  /** Working days from today on; 0 is today. */
  readonly startDay?: number;
  readonly dueDay?: number;
  readonly estimate?: number;
  /** The `ref` of the task that this one is a part of. */
  readonly parent?: string;
  readonly steps?: readonly Step[];
}
