import { bookingBegun } from './booking-begun.ts';
import { bookingDone } from './booking-done.ts';
import { bookingLater } from './booking-later.ts';
import { bookingNow } from './booking-now.ts';
import { launchDone } from './launch-done.ts';
import { launchOpen } from './launch-open.ts';
import type { StoryTask } from './story-task.ts';

/** Six weeks of a small team that lets people book bicycle repairs online, nine working days before it opens. */
export const storyTasks: readonly StoryTask[] = [
  ...bookingBegun,
  ...bookingDone,
  ...bookingNow,
  ...bookingLater,
  ...launchDone,
  ...launchOpen,
];
