import type { ImportProblem, ProjectImportPayload } from '@taskflow/contract/exchange';
import type { StatusCategory } from '@taskflow/contract/projects';
import { type Database, type Executor, maybeOne, sql } from '@taskflow/db';
import { SupersededError } from '@taskflow/jobs';
import type { BlobStore } from '@taskflow/storage';
import type { Caller, ProjectAccess } from '../access/access.ts';
import { authorize } from '../access/can.ts';
import { projectAccessOf } from '../access/person-access.ts';
import { notFound } from '../core/errors.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { createLabelService, type LabelService } from '../labels/service.ts';
import { createStatusService, type StatusService } from '../statuses/service.ts';
import { checkTask, type FindPerson } from './check-task.ts';
import { parentsOf } from './parents.ts';
import { type RawTask, UnreadableFileError } from './raw-task.ts';
import { csvTasks } from './readers/csv.ts';
import { taskflowTasks, trelloTasks, vikunjaTasks } from './readers/json.ts';
import {
  beginImport,
  forgetRows,
  type ImportState,
  insertStaged,
  readHeads,
  readImport,
  readNames,
  readPeople,
  type StagedHead,
  stageRows,
} from './repository.ts';

/** What an import needs of the job that it runs in. */
export interface ImportRun {
  readonly jobId: string;
  readonly signal: AbortSignal;
  /** In [0, 1]. */
  readonly onProgress: (done: number) => void;
}

/** Reads files into projects, in two steps: nothing of a file is to be seen before all of it is. */
export interface ImportService {
  /**
   * Reads and checks the file, piece by piece; what was read is kept, so that another attempt goes on from there.
   *
   * @throws DomainError `not_found`, `forbidden` when whoever asked for it may not do this any more
   */
  stage(caller: Caller, payload: ProjectImportPayload, run: ImportRun): Promise<ImportState>;
  /**
   * Makes tasks of all that was read, in the unit that completes the job. None for a trial, nor when something is wrong
   * that was not to be left out.
   *
   * @returns how many
   */
  finish(unit: UnitOfWork, caller: Caller, payload: ProjectImportPayload, jobId: string): Promise<number>;
}

/** More than that belongs into several files. */
const mostTasks = 10_000;
const defaultChunk = 200;

/** @throws DomainError `not_found`, `forbidden` */
export async function authorizeImport(
  executor: Executor,
  caller: Caller,
  { projectId, fileId }: ProjectImportPayload,
): Promise<ProjectAccess> {
  const access = await projectAccessOf(executor, caller, projectId);
  authorize(access, 'project.import');
  const file = await maybeOne<{ id: string }>(
    executor,
    sql`
      select id from blobs
      where id = ${fileId} and created_by = ${caller.userId} and workspace_id = ${access.workspace.id}
        and stored_at is not null`,
  );
  if (file === undefined) {
    throw notFound();
  }
  return access;
}

/** Options of {@link createImportService}. */
export interface ImportServiceOptions {
  readonly database: Database;
  readonly blobs: Pick<BlobStore, 'open'>;
  readonly newId: () => string;
  /** Tasks that are kept at a time. @default 200 */
  readonly chunk?: number;
}

/** Creates the service. */
export function createImportService(options: ImportServiceOptions): ImportService {
  const { database, blobs, newId, chunk = defaultChunk } = options;
  const features = {
    labels: createLabelService({ executor: database, newId }),
    statuses: createStatusService({ executor: database, newId }),
  };

  async function tasksOf({ fileId, format, mapping }: ProjectImportPayload): Promise<AsyncIterable<RawTask>> {
    const blob = await blobs.open(fileId);
    if (blob === undefined) {
      throw notFound();
    }
    const readers = {
      csv: () => csvTasks(blob.content, mapping),
      taskflow: () => taskflowTasks(blob.content),
      trello: () => trelloTasks(blob.content),
      vikunja: () => vikunjaTasks(blob.content),
    };
    return readers[format]();
  }

  return {
    async stage(caller, payload, { jobId, signal, onProgress }) {
      const access = await authorizeImport(database, caller, payload);
      const begun = await beginImport(database, jobId, access.workspace.id);
      if (begun.isStaged) {
        return begun;
      }
      const findPerson = await peopleOf(database, access);
      const stager = createStager(database, jobId, begun.staged);
      try {
        let read = 0;
        for await (const raw of await tasksOf(payload)) {
          signal.throwIfAborted();
          read += 1;
          if (read > mostTasks) {
            throw new UnreadableFileError(`The file has more than ${mostTasks} tasks`);
          }
          if (read > begun.staged) {
            stager.add(read, checkTask(raw, { findPerson, newId }));
            if (stager.waiting >= chunk) {
              await stager.keep(false);
              onProgress((0.9 * read) / mostTasks);
            }
          }
        }
        await stager.keep(true);
      } catch (error) {
        if (!(error instanceof UnreadableFileError)) {
          throw error;
        }
        stager.fail({ line: error.line, field: null, message: error.message, isFatal: true });
        await stager.keep(true);
      }
      onProgress(0.9);
      return readImport(database, jobId);
    },

    async finish(unit, caller, payload, jobId) {
      const access = await authorizeImport(unit, caller, payload);
      const { fatalCount } = await readImport(unit, jobId);
      const isWanted = payload.dryRun !== true && (fatalCount === 0 || payload.skipInvalid === true);
      let imported = 0;
      if (isWanted) {
        const heads = await readHeads(unit, jobId);
        await createMissing(unit, access, heads, features);
        imported = await insertStaged(unit, jobId, access, parentsOf(heads));
        for (const { id, title } of heads) {
          unit.record({
            workspaceId: access.workspace.id,
            type: 'task.created',
            actorId: caller.userId,
            projectId: access.project.id,
            taskId: id,
            subject: title,
          });
        }
      }
      await forgetRows(unit, jobId);
      return imported;
    },
  };
}

/** Collects what was read and keeps it in pieces. */
function createStager(executor: Executor, jobId: string, staged: number) {
  let from = staged;
  let count = 0;
  let tasks: { position: number; task: NonNullable<ReturnType<typeof checkTask>['task']> }[] = [];
  let problems: ImportProblem[] = [];
  return {
    get waiting() {
      return count;
    },
    add(position: number, checked: ReturnType<typeof checkTask>): void {
      count += 1;
      problems.push(...checked.problems);
      if (checked.task !== undefined) {
        tasks.push({ position, task: checked.task });
      }
    },
    /** The file as a whole: it counts as one more task that cannot be imported. */
    fail(problem: ImportProblem): void {
      count += 1;
      problems.push(problem);
    },
    async keep(isLast: boolean): Promise<void> {
      if (!(await stageRows(executor, jobId, { from, tasks, problems, count, isLast }))) {
        throw new SupersededError('another attempt reads this file');
      }
      from += count;
      [count, tasks, problems] = [0, [], []];
    },
  };
}

/** By address, and by names that only one has. */
async function peopleOf(executor: Executor, access: ProjectAccess): Promise<FindPerson> {
  const people = await readPeople(executor, access);
  const byName = Map.groupBy(people, ({ name }) => name);
  const byEmail = new Map(people.map(({ id, email }) => [email, id]));
  return (name) => {
    const namesakes = byName.get(name) ?? [];
    return byEmail.get(name) ?? (namesakes.length === 1 ? namesakes[0]?.id : undefined);
  };
}

/** Statuses and labels that the file names and that are not there yet. */
async function createMissing(
  unit: UnitOfWork,
  access: ProjectAccess,
  heads: readonly StagedHead[],
  { labels, statuses }: { readonly labels: LabelService; readonly statuses: StatusService },
): Promise<void> {
  const there = await readNames(unit, access);
  const known = { statuses: new Set(there.statuses), labels: new Set(there.labels) };
  for (const { status, category, labels: names } of heads) {
    if (status !== null && !known.statuses.has(status.toLowerCase())) {
      known.statuses.add(status.toLowerCase());
      await statuses.create(unit, access, { name: status, category: category ?? guessedCategory(status) });
    }
    for (const name of names.filter((label) => !known.labels.has(label.toLowerCase()))) {
      known.labels.add(name.toLowerCase());
      await labels.create(unit, access, { name });
    }
  }
}

const guesses: readonly (readonly [RegExp, StatusCategory])[] = [
  [/\b(?:done|complete|completed|closed|finished|shipped)\b/i, 'completed'],
  [/\b(?:cancel+ed|won't do|rejected|duplicate)\b/i, 'canceled'],
  [/\b(?:doing|progress|review|testing|started|active)\b/i, 'started'],
  [/\b(?:backlog|ideas|later|someday|icebox)\b/i, 'backlog'],
];

/** What a status with such a name usually means. */
const guessedCategory = (name: string): StatusCategory =>
  guesses.find(([pattern]) => pattern.test(name))?.[1] ?? 'unstarted';
