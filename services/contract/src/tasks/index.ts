export { taskRoutes } from './routes.ts';
export { type Recurrence, type RecurrenceMode, recurrenceModes, recurrenceSchema } from './recurrence.ts';
export {
  type TaskFilter,
  type TaskListQuery,
  type TaskSort,
  taskListQuery,
  taskSorts,
} from './list.ts';
export {
  type CreateTaskBody,
  type CreateTaskLinkBody,
  type MoveTaskBody,
  type Priority,
  type Task,
  type TaskLink,
  type TaskLinkType,
  type UpdateTaskBody,
  priorities,
  taskKeyPattern,
  taskLinkSchema,
  taskLinkTypes,
  taskSchema,
} from './schemas.ts';
