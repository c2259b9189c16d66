/** Where the bytes of blobs are kept. What a blob is called and who may have it is not known here. */
export interface BlobContents {
  /** Stays the same for ever; written into the row of each blob. */
  readonly name: 'postgres' | 'file';
  /** Keeps pieces of any size in their order. The next one is only asked for when there is room for it. */
  write(id: string, pieces: AsyncIterable<Buffer>): Promise<void>;
  /** The bytes, in pieces that are small. @throws BlobDamagedError when they are not all there */
  read(id: string): AsyncIterable<Buffer>;
  /** Forgets the bytes; those that are not there are forgotten already. */
  remove(id: string): Promise<void>;
}
