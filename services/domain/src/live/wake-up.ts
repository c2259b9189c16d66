import type { Committed } from '../activity/append.ts';

/** The topic on which every process hears that something was committed, so that streams of live events read on. */
export const liveTopic = 'taskflow:live';

/** What is published there for a change. */
export const wakeUpMessage = ({ workspaceId, number }: Committed): string => `${workspaceId}:${number}`;
