import { z } from 'zod';
import { type RawTask, UnreadableFileError, utf8 } from '../raw-task.ts';

/** Reads a file that is one JSON document. It is small enough: see `maxUploadBytes`. */
async function readJson<Schema extends z.ZodType>(
  content: AsyncIterable<Buffer>,
  schema: Schema,
  name: string,
): Promise<z.output<Schema>> {
  const text = (await Array.fromAsync(utf8(content))).join('');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UnreadableFileError('The file is not JSON', 0, { cause });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue?.path.map(String).join('.') ?? '';
    throw new UnreadableFileError(`The file is no ${name}${at === '' ? '' : `: ${at} is not as expected`}`);
  }
  return parsed.data;
}

const text = z.string().nullish();
const named = z.object({ id: z.string(), name: z.string() });

const ownExport = z.object({
  format: z.literal('taskflow-project'),
  version: z.literal(1),
  statuses: z.array(named.extend({ category: z.string() })),
  labels: z.array(named),
  people: z.array(z.object({ id: z.string(), name: z.string(), email: z.string().nullable() })),
  tasks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      description: z.string(),
      statusId: z.string(),
      priority: z.string(),
      assigneeIds: z.array(z.string()),
      labelIds: z.array(z.string()),
      parentId: text,
      startAt: text,
      dueAt: text,
      completedAt: text,
      estimate: z.number().nullable(),
    }),
  ),
  comments: z.array(z.object({ taskId: z.string(), authorId: z.string(), createdAt: z.string(), body: z.string() })),
});

/** Tasks of our own export, `project.json`. @throws UnreadableFileError */
export async function* taskflowTasks(content: AsyncIterable<Buffer>): AsyncGenerator<RawTask> {
  const file = await readJson(content, ownExport, 'export of TaskFlow (project.json)');
  const statuses = new Map(file.statuses.map((status) => [status.id, status]));
  const labels = new Map(file.labels.map(({ id, name }) => [id, name]));
  const people = new Map(file.people.map((person) => [person.id, person]));
  const comments = Map.groupBy(file.comments, ({ taskId }) => taskId);
  for (const [index, task] of file.tasks.entries()) {
    yield {
      line: index + 1,
      title: task.title,
      description: task.description,
      status: statuses.get(task.statusId)?.name,
      category: statuses.get(task.statusId)?.category,
      priority: task.priority,
      assignees: task.assigneeIds.map((id) => people.get(id)?.email ?? people.get(id)?.name ?? id),
      labels: task.labelIds.flatMap((id) => labels.get(id) ?? []),
      start: task.startAt ?? undefined,
      due: task.dueAt ?? undefined,
      estimate: task.estimate === null ? undefined : String(task.estimate),
      key: task.id,
      parent: task.parentId ?? undefined,
      completed: task.completedAt ?? undefined,
      comments: (comments.get(task.id) ?? []).map(({ authorId, createdAt, body }) => ({
        author: people.get(authorId)?.name ?? 'Somebody',
        at: createdAt,
        body,
      })),
    };
  }
}

const trelloBoard = z.object({
  lists: z.array(named),
  members: z.array(z.object({ id: z.string(), fullName: z.string() })).default([]),
  cards: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      desc: z.string().default(''),
      idList: z.string(),
      closed: z.boolean().default(false),
      start: text,
      due: text,
      dueComplete: z.boolean().default(false),
      idMembers: z.array(z.string()).default([]),
      labels: z.array(z.object({ name: z.string(), color: text })).default([]),
    }),
  ),
  actions: z
    .array(
      z.object({
        type: z.string(),
        date: z.string(),
        memberCreator: z.object({ fullName: z.string() }).optional(),
        data: z.object({ text, card: z.object({ id: z.string() }).optional() }),
      }),
    )
    .default([]),
});

/** Cards of a board of Trello, those left out that are archived. @throws UnreadableFileError */
export async function* trelloTasks(content: AsyncIterable<Buffer>): AsyncGenerator<RawTask> {
  const board = await readJson(content, trelloBoard, 'board of Trello');
  const lists = new Map(board.lists.map(({ id, name }) => [id, name]));
  const members = new Map(board.members.map(({ id, fullName }) => [id, fullName]));
  const said = board.actions.filter(({ type }) => type === 'commentCard').toReversed();
  const comments = Map.groupBy(said, ({ data }) => data.card?.id);
  for (const [index, card] of board.cards.entries()) {
    if (card.closed) {
      continue;
    }
    yield {
      line: index + 1,
      title: card.name,
      description: card.desc,
      status: lists.get(card.idList),
      assignees: card.idMembers.flatMap((id) => members.get(id) ?? []),
      labels: card.labels.map(({ name, color }) => (name === '' ? (color ?? '') : name)),
      start: card.start ?? undefined,
      due: card.due ?? undefined,
      key: card.id,
      comments: (comments.get(card.id) ?? []).map(({ memberCreator, date, data }) => ({
        author: memberCreator?.fullName ?? 'Somebody',
        at: date,
        body: data.text ?? '',
      })),
    };
  }
}

const vikunjaPerson = z.object({ name: z.string().default(''), username: z.string().default('') });
const vikunjaTask = z.object({
  id: z.number(),
  title: z.string(),
  description: z.string().default(''),
  done: z.boolean().default(false),
  done_at: text,
  due_date: text,
  start_date: text,
  priority: z.number().default(0),
  bucket_id: z.number().default(0),
  labels: z.array(z.object({ title: z.string() })).nullish(),
  assignees: z.array(vikunjaPerson).nullish(),
  comments: z.array(z.object({ comment: z.string(), created: z.string(), author: vikunjaPerson.nullish() })).nullish(),
  related_tasks: z.object({ parenttask: z.array(z.object({ id: z.number() })).nullish() }).nullish(),
});
const vikunjaProjects = z.array(
  z.object({
    tasks: z.array(vikunjaTask).nullish(),
    buckets: z.array(z.object({ id: z.number(), title: z.string() })).nullish(),
  }),
);

/** Vikunja counts from 0, unset, to 5, "do it now". */
const vikunjaPriorities = ['none', 'low', 'medium', 'high', 'urgent', 'urgent'];
/** An instant that was never set is one of the year 1. */
const vikunjaInstant = (at: string | null | undefined) => (at == null || at.startsWith('0001-') ? undefined : at);

/** Tasks of all projects in the `data.json` of Vikunja. @throws UnreadableFileError */
export async function* vikunjaTasks(content: AsyncIterable<Buffer>): AsyncGenerator<RawTask> {
  const projects = await readJson(content, vikunjaProjects, 'export of Vikunja (data.json)');
  let line = 0;
  for (const { tasks, buckets } of projects) {
    const columns = new Map(buckets?.map(({ id, title }) => [id, title]));
    for (const task of tasks ?? []) {
      line += 1;
      yield {
        line,
        title: task.title,
        description: task.description,
        status: task.done ? 'Done' : columns.get(task.bucket_id),
        ...(task.done && { category: 'completed' }),
        priority: vikunjaPriorities[task.priority],
        assignees: task.assignees?.map(({ name, username }) => (name === '' ? username : name)),
        labels: task.labels?.map(({ title }) => title),
        start: vikunjaInstant(task.start_date),
        due: vikunjaInstant(task.due_date),
        completed: task.done ? vikunjaInstant(task.done_at) : undefined,
        key: String(task.id),
        parent: task.related_tasks?.parenttask?.[0]?.id.toString(),
        comments: task.comments?.map(({ comment, created, author }) => ({
          author: [author?.name, author?.username, 'Somebody'].find((name) => name !== undefined && name !== '') ?? '',
          at: created,
          body: comment,
        })),
      };
    }
  }
}
