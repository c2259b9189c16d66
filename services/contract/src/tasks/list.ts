import { z } from 'zod';
import { commaList, flag, id, instantInput, line, pageQuery } from '../http/index.ts';
import { statusCategories } from '../projects/index.ts';
import { priorities } from './schemas.ts';

/** Orders of a list of tasks; a leading `-` turns one round. Tasks without a due date come last either way. */
export const taskSorts = [
  'rank',
  '-rank',
  'dueAt',
  '-dueAt',
  'priority',
  '-priority',
  'createdAt',
  '-createdAt',
  'updatedAt',
  '-updatedAt',
] as const;
/** See {@link taskSorts}. */
export type TaskSort = (typeof taskSorts)[number];

/** Words separated by commas mean "any of these"; different fields must all hold. */
const filterFields = {
  status: commaList(id).optional(),
  category: commaList(z.enum(statusCategories)).optional(),
  /** Ids, `me`, or `none` for tasks without anybody. */
  assignee: commaList(z.union([z.enum(['me', 'none']), id])).optional(),
  /** Ids, or `none` for tasks without any. */
  label: commaList(z.union([z.enum(['none']), id])).optional(),
  priority: commaList(z.enum(priorities)).optional(),
  /** An id for its sub-tasks, or `none` for tasks that are no sub-task. */
  parent: z.union([z.enum(['none']), id]).optional(),
  dueBefore: instantInput.optional(),
  dueAfter: instantInput.optional(),
  /** Due in the past and neither completed nor canceled. */
  overdue: flag.optional(),
  /** Every word must begin a word of the title, the description or a comment. */
  q: line(200).optional(),
};

/** Query of every list of tasks. */
export const taskListQuery = z.strictObject({
  ...filterFields,
  sort: z.enum(taskSorts).default('rank'),
  ...pageQuery,
});
/** See {@link taskListQuery}. */
export type TaskListQuery = z.infer<typeof taskListQuery>;

/** What a list of tasks may be narrowed by. */
export type TaskFilter = Omit<TaskListQuery, 'sort' | 'limit' | 'cursor'>;
