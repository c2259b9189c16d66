import { type Moment, resolveMoment } from './moment.ts';
import type { Step, StoryTask } from './story/story-task.ts';

/** One thing that happens in the story: a task is written down, or something is done to it. */
export type Happening = { readonly at: Date; readonly task: StoryTask } & (
  | { readonly kind: 'create' }
  | { readonly kind: 'step'; readonly step: Step }
);

/**
 * Everything that happens to tasks, in the order in which it happens; of one moment, in the order in which it is told.
 */
export function timelineOf(tasks: readonly StoryTask[], now: Date): Happening[] {
  const at = (moment: Moment): Date => resolveMoment(moment, now);
  return tasks
    .flatMap((task): Happening[] => [
      { kind: 'create', at: at(task.at), task },
      ...(task.steps ?? []).map((step) => ({ kind: 'step' as const, at: at(step.at), task, step })),
    ])
    .toSorted((one, other) => one.at.getTime() - other.at.getTime());
}
