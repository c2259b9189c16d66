/** The content went on beyond its limit; nothing of it is kept. */
export class BlobTooLargeError extends Error {
  override readonly name = 'BlobTooLargeError';
  /** The most that was allowed. */
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`the content has more than ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

/** The bytes of a blob are not, or not all, where they were put. */
export class BlobDamagedError extends Error {
  override readonly name = 'BlobDamagedError';

  constructor(id: string, options?: ErrorOptions) {
    super(`the content of blob ${id} is not complete`, options);
  }
}
