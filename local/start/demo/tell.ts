import type { CreateTaskBody } from '@taskflow/contract/tasks';
import type { History } from './history.ts';
import { dueIn, startIn } from './moment.ts';
import type { Step, StoryTask } from './story/story-task.ts';
import { timelineOf } from './timeline.ts';
import type { EmptyWorkspace, StoryProjectIds } from './workspace.ts';

/** What the tale is told with. */
interface TellOptions {
  readonly workspace: EmptyWorkspace;
  readonly tasks: readonly StoryTask[];
  readonly history: History;
  readonly now: Date;
}

/** Lets the people do everything in the order of the story, one thing after the other. */
export async function tellStory({ workspace, tasks, history, now }: TellOptions): Promise<void> {
  const taskIds = new Map<string, string>();
  for (const happening of timelineOf(tasks, now)) {
    const { task } = happening;
    history.turnTo(happening.at);
    if (happening.kind === 'create') {
      taskIds.set(task.ref, await createTask(workspace, task, taskIds, now));
    } else {
      await take(workspace, happening.step, task, taskIds, now);
    }
  }
}

async function createTask(
  workspace: EmptyWorkspace,
  task: StoryTask,
  taskIds: ReadonlyMap<string, string>,
  now: Date,
): Promise<string> {
  const { title, description, priority, estimate, assignees = [], labels = [] } = task;
  const body: CreateTaskBody = {
    title,
    assigneeIds: assignees.map((person) => workspace.people[person].user.id),
    labelIds: labels.map((name) => known(workspace.labelIds, name)),
    ...(description !== undefined && { description }),
    ...(priority !== undefined && { priority }),
    ...(estimate !== undefined && { estimate }),
    ...(task.startDay !== undefined && { startAt: startIn(task.startDay, now) }),
    ...(task.dueDay !== undefined && { dueAt: dueIn(task.dueDay, now) }),
    ...(task.parent !== undefined && { parentId: known(taskIds, task.parent) }),
  };
  const { client } = workspace.people[task.by];
  const { id } = await client.call('POST /projects/{id}/tasks', {
    params: { id: projectOf(workspace, task).id },
    body,
  });
  return id;
}

async function take(
  workspace: EmptyWorkspace,
  step: Step,
  task: StoryTask,
  taskIds: ReadonlyMap<string, string>,
  now: Date,
): Promise<void> {
  const { client } = workspace.people[step.by];
  const params = { id: known(taskIds, task.ref) };
  if ('move' in step) {
    const statusId = known(projectOf(workspace, task).statusIds, step.move);
    await client.call('POST /tasks/{id}/move', { params, body: { statusId } });
  } else if ('say' in step) {
    await client.call('POST /tasks/{id}/comments', { params, body: { body: step.say } });
  } else if ('link' in step) {
    const { type, to } = step.link;
    await client.call('POST /tasks/{id}/links', { params, body: { type, taskId: known(taskIds, to) } });
  } else {
    const { dueDay, ...fields } = step.change;
    const body = { ...fields, ...(dueDay !== undefined && { dueAt: dueIn(dueDay, now) }) };
    await client.call('PATCH /tasks/{id}', { params, body });
  }
}

const projectOf = (workspace: EmptyWorkspace, task: StoryTask): StoryProjectIds =>
  known(workspace.projects, task.project);

function known<Name extends string, Value>(values: ReadonlyMap<Name, Value>, name: Name): Value {
  const value = values.get(name);
  if (value === undefined) {
    throw new Error(`The story speaks of "${name}" before it is there.`);
  }
  return value;
}
