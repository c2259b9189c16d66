/** A task as a file has it, before anything about it is checked. */
export interface RawTask {
  /** For people who look for it in the file; see `ImportProblem`. */
  readonly line: number;
  readonly title: string;
  readonly description?: string | undefined;
  readonly status?: string | undefined;
  /** Of the status, where the file knows it. */
  readonly category?: string | undefined;
  readonly priority?: string | undefined;
  /** Addresses or names. */
  readonly assignees?: readonly string[] | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly start?: string | undefined;
  readonly due?: string | undefined;
  readonly estimate?: string | undefined;
  /** By which other tasks of the file name it. */
  readonly key?: string | undefined;
  readonly parent?: string | undefined;
  readonly completed?: string | undefined;
  readonly comments?: readonly RawComment[] | undefined;
}

/** A comment as a file has it. */
export interface RawComment {
  readonly author: string;
  readonly at: string;
  readonly body: string;
}

/** The file as a whole cannot be read: for the person who sent it. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  /** Where it stopped; 0 for no place. */
  readonly line: number;

  constructor(message: string, line = 0, options?: ErrorOptions) {
    super(message, options);
    this.line = line;
  }
}

/** Text of the bytes. @throws UnreadableFileError when they are not UTF-8 */
export async function* utf8(content: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of content) {
      yield decoder.decode(piece, { stream: true });
    }
    yield decoder.decode();
  } catch (cause) {
    throw cause instanceof TypeError ? new UnreadableFileError('The file is not text in UTF-8', 0, { cause }) : cause;
  }
}
