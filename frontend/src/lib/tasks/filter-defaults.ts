import type { NewTaskDefaults } from '../dialogs.ts';
import type { TaskFilter } from './filter.ts';

/** The one word of a filter's field, if it has just one that names something. */
function only<Word extends string>(words: readonly Word[] | undefined): Word | undefined {
  return words?.length === 1 && words[0] !== 'none' ? words[0] : undefined;
}

/** What a new task inherits from a filter, so that it shows up in the view it was made in. */
export function defaultsOfFilter(filter: TaskFilter, userId: string): NewTaskDefaults {
  const statusId = only(filter.status);
  const priority = only(filter.priority);
  const assignee = only(filter.assignee);
  const label = only(filter.label);
  return {
    ...(statusId === undefined ? {} : { statusId }),
    ...(priority === undefined ? {} : { priority }),
    ...(assignee === undefined ? {} : { assigneeIds: [assignee === 'me' ? userId : assignee] }),
    ...(label === undefined ? {} : { labelIds: [label] }),
  };
}
