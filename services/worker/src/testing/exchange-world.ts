import { inflateRawSync } from 'node:zlib';
import { defaultStatuses } from '@taskflow/contract/projects';
import { type Database, one, sql } from '@taskflow/db';
import { createUnitOfWorkRunner, newId, type UnitOfWorkRunner } from '@taskflow/domain';
import { acceptJobs, type AnyJobHandler, type JobType, newJob } from '@taskflow/jobs';
import { createEngineWorld, type EngineWorld, type JobRow, type TestEngine } from '@taskflow/jobs/testing';
import { type BlobStore, openBlobStore } from '@taskflow/storage';

/** A project with its owner, for tests of what goes out of it and comes into it. */
export interface ExchangeWorld {
  readonly engines: EngineWorld;
  readonly database: Database;
  readonly units: UnitOfWorkRunner;
  readonly blobs: BlobStore;
  readonly workspaceId: string;
  readonly projectId: string;
  readonly ownerId: string;
  readonly statusIds: Readonly<Record<string, string>>;
  /** Inserts somebody; answers their id. */
  person(name: string, role: 'admin' | 'member' | 'guest'): Promise<string>;
  /** Inserts a task; answers its id. */
  task(task: {
    title: string;
    description?: string;
    status?: string;
    dueAt?: Date;
    completedAt?: Date;
  }): Promise<string>;
  /** Keeps a file of the owner's; answers its id. */
  file(content: string | Buffer): Promise<string>;
  /** Accepts a job that the owner asks for, unless it is somebody else; answers its id. */
  ask<Payload>(type: JobType<Payload>, payload: Payload, requestedBy?: string): Promise<string>;
  start(handlers: readonly AnyJobHandler[]): Promise<TestEngine>;
  until(jobId: string, state: string): Promise<JobRow>;
  /** All bytes of a file. */
  read(blobId: unknown): Promise<Buffer>;
  close(): Promise<void>;
}

/** Opens a new database; `close` it in `afterAll`, and `engines.clear()` in `afterEach`. */
export async function createExchangeWorld(): Promise<ExchangeWorld> {
  const engines = await createEngineWorld();
  const { database } = engines;
  const units = createUnitOfWorkRunner({ database, onCommitted: () => undefined });
  const blobs = openBlobStore({ database, newId, settings: { kind: 'postgres' } });
  const [workspaceId, projectId] = [newId(), newId()];
  const statusIds = Object.fromEntries(defaultStatuses.map(({ name }) => [name, newId()]));

  async function person(name: string, role: string): Promise<string> {
    const id = newId();
    await database.query(sql`
      insert into users (id, email, name) values (${id}, ${`${name.toLowerCase()}@example.com`}, ${name})`);
    await database.query(sql`
      insert into memberships (workspace_id, user_id, role) values (${workspaceId}, ${id}, ${role}::workspace_role)`);
    return id;
  }

  await database.query(sql`insert into workspaces (id, slug, name) values (${workspaceId}, 'works', 'Works')`);
  await database.query(sql`insert into activity_counters (workspace_id) values (${workspaceId})`);
  const ownerId = await person('Olga', 'owner');
  await database.query(sql`
    insert into projects (id, workspace_id, key, name, color)
    values (${projectId}, ${workspaceId}, 'OPS', 'Operations', '#5e6ad2')`);
  await database.query(sql`insert into task_counters (project_id) values (${projectId})`);
  for (const [position, { name, category, color }] of defaultStatuses.entries()) {
    await database.query(sql`
      insert into statuses (id, workspace_id, project_id, name, category, color, position)
      values (${statusIds[name]}, ${workspaceId}, ${projectId}, ${name}, ${category}, ${color}, ${position})`);
  }

  return {
    engines,
    database,
    units,
    blobs,
    workspaceId,
    projectId,
    ownerId,
    statusIds,
    person,
    async task({ title, description = '', status = 'To do', dueAt, completedAt }) {
      const id = newId();
      await database.query(sql`
        with counter as (
          update task_counters set last_number = last_number + 1 where project_id = ${projectId}
          returning last_number as number
        )
        insert into tasks (id, workspace_id, project_id, number, title, description, status_id, category, rank, created_by,
          due_at, completed_at)
        select ${id}, ${workspaceId}, ${projectId}, number, ${title}, ${description}, s.id, s.category,
          'n' || lpad(to_hex(number), 8, '0') || 'V', ${ownerId}, ${dueAt ?? null}::timestamptz,
          ${completedAt ?? null}::timestamptz
        from counter, statuses s where s.id = ${statusIds[status]}`);
      return id;
    },
    async file(content) {
      async function* bytes() {
        yield Buffer.from(content);
      }
      const description = { workspaceId, createdBy: ownerId, fileName: 'a', mediaType: 'text/csv' };
      return (await blobs.put(bytes(), description, { maxBytes: 100_000_000 })).id;
    },
    async ask(type, payload, requestedBy = ownerId) {
      const id = newId();
      await acceptJobs(database, [newJob(id, type, payload, { workspaceId, requestedBy })]);
      return id;
    },
    start: (handlers) => engines.start(handlers),
    until: (jobId, state) => engines.until(jobId, state),
    async read(blobId) {
      const blob = await blobs.open(String(blobId));
      if (blob === undefined) {
        throw new Error('there is no such file');
      }
      return Buffer.concat(await Array.fromAsync(blob.content));
    },
    close: () => engines.close(),
  };
}

/** Files of a ZIP by their names, as its central directory lists them (APPNOTE 6.3, 4.3.12). */
export function unzip(zip: Buffer): Map<string, string> {
  const end = zip.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  const files = new Map<string, string>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [compressed, nameLength, extra, comment, start] = [
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
      zip.readUInt32LE(at + 42),
    ];
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const data = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
    files.set(name, inflateRawSync(zip.subarray(data, data + compressed)).toString('utf8'));
    at += 46 + nameLength + extra + comment;
  }
  return files;
}

/** How many rows there are. */
export const countOf = async (database: Database, table: 'blobs' | 'tasks' | 'import_rows'): Promise<number> => {
  const tables = { blobs: sql`blobs`, tasks: sql`tasks`, import_rows: sql`import_rows` };
  return (await one<{ count: number }>(database, sql`select count(*)::int as count from ${tables[table]}`)).count;
};
