import type { BlobDatabase } from './blob-database.ts';
import { type BlobStore, createBlobStore } from './blob-store.ts';
import { createFileContents } from './file-contents.ts';
import { createPostgresContents } from './postgres-contents.ts';

/** Where new blobs go: `storage` of a process's configuration. */
export type StorageSettings =
  | { readonly kind: 'postgres' }
  | {
      readonly kind: 'file';
      /** Shared by all processes. */
      readonly directory: string;
    };

/** The store that the configuration names. What PostgreSQL has of earlier days stays readable. */
export function openBlobStore(options: {
  readonly database: BlobDatabase;
  readonly newId: () => string;
  readonly settings: StorageSettings;
}): BlobStore {
  const { database, newId, settings } = options;
  const postgres = createPostgresContents(database);
  return settings.kind === 'postgres'
    ? createBlobStore({ database, newId, contents: postgres })
    : createBlobStore({
        database,
        newId,
        contents: createFileContents(settings.directory),
        olderContents: [postgres],
      });
}
