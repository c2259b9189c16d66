import { createHashingQueue } from './hashing-queue.ts';
import { createHashingThread } from './hashing-thread/hashing-thread.ts';

/** Memory in KiB and passes of argon2id: the second choice of OWASP's Password Storage Cheat Sheet (2024). */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** What every hash of today's cost begins with. */
const currentPrefix = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`;

/** A hash of nothing that costs as much to compare with as a real one. */
const noHash = `${currentPrefix}${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** What may be done with a password when its turn has come. */
export interface PasswordHashing {
  hash(password: string): Promise<string>;
  /** Takes as long when there is no hash to compare with, so that time does not tell whether an account exists. */
  verify(encoded: string | null | undefined, password: string): Promise<boolean>;
}

/** Hashes passwords with argon2id, one at a time. */
export interface Passwords {
  /**
   * Runs `work` when its turn has come.
   *
   * @throws DomainError `too_many_requests` when too many wait
   */
  inTurn<Result>(work: (hashing: PasswordHashing) => Promise<Result>): Promise<Result>;
  /** Whether a hash was made with other costs than today's. */
  isOutdated(encoded: string): boolean;
  /** Ends the thread that hashes; a password that is being hashed fails. */
  close(): Promise<void>;
}

/** The same password typed on two keyboards is the same text (NIST SP 800-63B, 5.1.1.2). */
const oneForm = (password: string): string => password.normalize('NFKC');

/** Nothing runs until the first password comes. */
export function createPasswords(): Passwords {
  const queue = createHashingQueue({ concurrency: 1, maxWaiting: 200, maxWaitMs: 10_000 });
  const thread = createHashingThread();
  const hashing: PasswordHashing = {
    hash: (password) => thread.hash(oneForm(password), cost),
    verify: (encoded, password) => thread.verify(encoded ?? noHash, oneForm(password)),
  };
  return {
    inTurn: (work) => queue.run(() => work(hashing)),
    isOutdated: (encoded) => !encoded.startsWith(currentPrefix),
    close: () => thread.close(),
  };
}
