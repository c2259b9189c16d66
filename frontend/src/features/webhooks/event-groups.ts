import { type ActivityType, activityTypes } from '@taskflow/contract/activity';

/** Kinds of events that somebody chooses between. */
export const eventGroups = ['all', 'tasks', 'comments'] as const;
/** See {@link eventGroups}. */
export type EventGroup = (typeof eventGroups)[number];

const prefixes: Readonly<Record<Exclude<EventGroup, 'all'>, string>> = { tasks: 'task', comments: 'comment.' };

/** The types of activity of a group; none stands for every one. */
export function typesOf(group: EventGroup): ActivityType[] {
  return group === 'all' ? [] : activityTypes.filter((type) => type.startsWith(prefixes[group]));
}

/** The group that these types are; undefined for a choice that somebody made over the API. */
export function groupOf(types: readonly ActivityType[]): EventGroup | undefined {
  const chosen = types.toSorted().join();
  return eventGroups.find((group) => typesOf(group).toSorted().join() === chosen);
}
