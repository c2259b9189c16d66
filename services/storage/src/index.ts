export type { BlobContents } from './blob-contents.ts';
export type { BlobDatabase } from './blob-database.ts';
export {
  type BlobDescription,
  type BlobStore,
  type BlobStoreOptions,
  createBlobStore,
  type OpenBlob,
  type StoredBlob,
} from './blob-store.ts';
export { BlobDamagedError, BlobTooLargeError } from './errors.ts';
export { createFileContents } from './file-contents.ts';
export { openBlobStore, type StorageSettings } from './open-blob-store.ts';
export { createPostgresContents } from './postgres-contents.ts';
