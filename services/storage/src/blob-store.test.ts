import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlobContents } from './blob-contents.ts';
import { type BlobStore, createBlobStore } from './blob-store.ts';
import { BlobDamagedError, BlobTooLargeError } from './errors.ts';
import { createFileContents } from './file-contents.ts';
import { openBlobStore } from './open-blob-store.ts';
import { createPostgresContents } from './postgres-contents.ts';
import { type BlobWorld, createBlobWorld } from './testing/blob-world.ts';

let world: BlobWorld;
let directory: string;
const roomy = { maxBytes: 100_000_000 };

beforeAll(async () => {
  world = await createBlobWorld();
  directory = await mkdtemp(join(tmpdir(), 'taskflow-blobs-'));
});

afterAll(async () => {
  await world.close();
  await rm(directory, { recursive: true });
});

async function* pieces(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function bytesOf(store: BlobStore, id: string): Promise<Buffer> {
  const blob = await store.open(id);
  if (blob === undefined) {
    throw new Error('there is no such blob');
  }
  const read: Buffer[] = [];
  for await (const piece of blob.content) {
    expect(piece.length).toBeLessThanOrEqual(256 * 1_024);
    read.push(piece);
  }
  return Buffer.concat(read);
}

const rowsOf = async (table: 'blobs' | 'blob_chunks'): Promise<number> => {
  const rows =
    table === 'blobs'
      ? await world.database.query(sql`select from blobs`)
      : await world.database.query(sql`select from blob_chunks`);
  return rows.length;
};

describe.each(['postgres', 'file'] as const)('a store in %s', (kind) => {
  const contentsOf = (): BlobContents =>
    kind === 'postgres' ? createPostgresContents(world.database) : createFileContents(directory);
  const openStore = (): BlobStore =>
    createBlobStore({ database: world.database, newId: randomUUID, contents: contentsOf() });

  it.each([0, 1, 262_143, 262_144, 262_145, 3_000_000])('gives back the %i bytes that were put', async (size) => {
    const store = openStore();
    const bytes = randomBytes(size);
    const cut = Math.floor(size / 3);
    const stored = await store.put(pieces(bytes.subarray(0, cut), bytes.subarray(cut)), world.description, roomy);
    expect(stored).toMatchObject({ sizeBytes: size, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect((await bytesOf(store, stored.id)).equals(bytes)).toBe(true);
    await store.remove(stored.id);
  });

  it('keeps nothing of what is too large, and stops reading it', async () => {
    const store = openStore();
    let asked = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        asked += 1;
        yield Buffer.alloc(100_000);
      }
    }
    await expect(store.put(endless(), world.description, { maxBytes: 1_000_000 })).rejects.toThrow(BlobTooLargeError);
    expect(asked).toBe(11);
    expect([await rowsOf('blobs'), await rowsOf('blob_chunks')]).toEqual([0, 0]);
  });

  it('keeps nothing when the source breaks off, or the job is told to stop', async () => {
    const store = openStore();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(300_000);
      throw new Error('the connection was reset');
    }
    await expect(store.put(broken(), world.description, roomy)).rejects.toThrow('reset');
    const stopped = { ...roomy, signal: AbortSignal.abort(new Error('canceled')) };
    await expect(store.put(pieces(Buffer.alloc(1)), world.description, stopped)).rejects.toThrow('canceled');
    expect([await rowsOf('blobs'), await rowsOf('blob_chunks')]).toEqual([0, 0]);
  });

  it('forgets what was removed, and does not mind doing it twice', async () => {
    const store = openStore();
    const { id } = await store.put(pieces(Buffer.from('a')), world.description, roomy);
    await store.remove(id);
    await store.remove(id);
    expect(await store.open(id)).toBeUndefined();
    expect(await rowsOf('blob_chunks')).toBe(0);
  });

  it('forgets what is over, also what was never completed, and nothing else', async () => {
    const store = openStore();
    const put = async () => (await store.put(pieces(Buffer.from('a')), world.description, roomy)).id;
    const [over, young, kept] = [await put(), await put(), await put()];
    const unfinished = randomUUID();
    const { workspaceId, createdBy } = world.description;
    await world.database.query(sql`
      insert into blobs (id, workspace_id, created_by, file_name, media_type, store, expires_at)
      values (${unfinished}, ${workspaceId}, ${createdBy}, 'b', 'text/csv', ${kind}, now() - interval '1 minute')`);
    await world.database.query(sql`update blobs set expires_at = now() where id = ${over}`);
    await world.database.query(sql`update blobs set expires_at = null where id = ${kept}`);
    expect(await store.open(unfinished)).toBeUndefined();
    expect(await store.removeExpired(100)).toBe(2);
    expect(await store.removeExpired(100)).toBe(0);
    expect([await store.open(over), (await store.open(young))?.sizeBytes, (await store.open(kept))?.sizeBytes]).toEqual(
      [undefined, 1, 1],
    );
    await Promise.all([store.remove(young), store.remove(kept)]);
  });
});

describe('damage', () => {
  it('is told to whoever reads, when a row is missing', async () => {
    const store = openBlobStore({ database: world.database, newId: randomUUID, settings: { kind: 'postgres' } });
    const { id } = await store.put(pieces(Buffer.alloc(600_000)), world.description, roomy);
    await world.database.query(sql`delete from blob_chunks where blob_id = ${id} and position = 2`);
    await expect(bytesOf(store, id)).rejects.toThrow(BlobDamagedError);
  });

  it('is told when a file is too short, or gone', async () => {
    const store = openBlobStore({ database: world.database, newId: randomUUID, settings: { kind: 'file', directory } });
    const { id } = await store.put(pieces(Buffer.alloc(600_000)), world.description, roomy);
    const path = join(directory, id.slice(-2), id);
    expect(await readdir(join(directory, id.slice(-2)))).toEqual([id]);
    await truncate(path, 500_000);
    await expect(bytesOf(store, id)).rejects.toThrow(BlobDamagedError);
    await rm(path);
    await expect(bytesOf(store, id)).rejects.toThrow(BlobDamagedError);
  });
});

describe('a directory that is configured later', () => {
  it('leaves readable what the database has, and takes what is new', async () => {
    const { database, description } = world;
    const before = openBlobStore({ database, newId: randomUUID, settings: { kind: 'postgres' } });
    const old = await before.put(pieces(Buffer.from('old')), description, roomy);
    const after = openBlobStore({ database, newId: randomUUID, settings: { kind: 'file', directory } });
    const recent = await after.put(pieces(Buffer.from('new')), description, roomy);
    expect([String(await bytesOf(after, old.id)), String(await bytesOf(after, recent.id))]).toEqual(['old', 'new']);
    await expect(before.open(recent.id)).rejects.toThrow(BlobDamagedError);
  });
});
