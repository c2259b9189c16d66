import type { Audience, LiveEntry, LiveSource } from '@taskflow/domain';
import { createHistory, type History, type HistoryLimits } from './history.ts';
import type { Reader } from './reader.ts';

/** Options of {@link createRoom}. */
export interface RoomOptions {
  readonly workspaceId: string;
  readonly source: LiveSource;
  readonly limits: HistoryLimits;
  /** Told how many messages were written, after each round. */
  readonly onSent: (messages: number) => void;
  /** PostgreSQL did not answer. The room tries again when it is woken. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The readers of one workspace in this process. Everything that needs PostgreSQL happens in rounds, one after
 * another, whoever asks for them: so messages keep their order, are read and serialized once, and nobody is given
 * a message by an older idea of who sees what.
 */
export interface Room {
  readonly workspaceId: string;
  /** Readers that were admitted and those that wait for it. */
  readonly readers: ReadonlySet<Reader>;
  /** The newest activity that was read; undefined before the first round. */
  readonly position: number | undefined;
  /** The reader is admitted by the next round. */
  join(reader: Reader): void;
  leave(reader: Reader): void;
  /** Goes on with a reader that takes messages again. */
  resume(reader: Reader): void;
  /** Reads what is new. @param number the newest that is known to be there; looks anyway without it */
  wake(number?: number): void;
  /** Resolves when no round is running. */
  settled(): Promise<void>;
}

const roundSize = 200;

/** A room without readers; see {@link Room}. */
export function createRoom(options: RoomOptions): Room {
  const { workspaceId, source, limits } = options;
  const readers = new Set<Reader>();
  const waiting = new Set<Reader>();
  let history: History | undefined;
  let newestKnown = 0;
  let mustLook = false;
  let running: Promise<void> | undefined;

  const hasWork = (): boolean =>
    readers.size > 0 && (waiting.size > 0 || mustLook || newestKnown > (history?.last ?? Infinity));

  async function begin(): Promise<History> {
    const numbers = await source.lastNumbers([workspaceId]);
    return createHistory(numbers.get(workspaceId) ?? 0, limits);
  }

  async function readNews(after: number): Promise<readonly LiveEntry[]> {
    const knownBefore = newestKnown;
    mustLook = false;
    const news = await source.read(workspaceId, { after, limit: roundSize });
    if (news.length === roundSize) {
      mustLook = true;
    } else if (newestKnown === knownBefore) {
      // nobody woke the room meanwhile, so this is all there is, whatever number was promised
      newestKnown = 0;
    }
    return news;
  }

  /** Messages right before the history, for the readers that come back with the oldest position. */
  async function readBefore({ base, last }: History, joining: readonly Reader[]): Promise<readonly LiveEntry[]> {
    const oldest = Math.max(last - limits.maxMessages, 0);
    const wanted = joining.map(({ resumeAfter }) => resumeAfter ?? base).filter((after) => after >= oldest);
    const after = Math.min(base, ...wanted);
    return after === base ? [] : await source.read(workspaceId, { after, upTo: base, limit: limits.maxMessages });
  }

  /** A reader may know of more than this process does: it came from another one. */
  function noteNewest(joining: readonly Reader[]): void {
    for (const { resumeAfter = 0 } of joining) {
      mustLook ||= history !== undefined && resumeAfter > history.last;
    }
  }

  async function round(): Promise<void> {
    history ??= await begin();
    const joining = [...waiting];
    noteNewest(joining);
    const news = mustLook || newestKnown > history.last ? await readNews(history.last) : [];
    const before = await readBefore(history, joining);
    const changesAccess = news.some((entry) => entry.changesAccess);
    const affected = changesAccess ? [...readers] : joining;
    // last of the reads, so that it knows of every change of access that is among the messages
    const audience =
      affected.length === 0
        ? undefined
        : await source.audience(workspaceId, [...new Set(affected.map(({ watcher }) => watcher.userId))]);

    history.append(news);
    history.prepend(before);
    if (audience !== undefined) {
      apply(audience, history, affected, news.length);
    }
    deliver(history);
  }

  function apply(audience: Audience, current: History, affected: readonly Reader[], newsCount: number): void {
    const news = Array.from({ length: newsCount }, (_, index) => current.at(current.last - newsCount + index + 1));
    for (const reader of affected) {
      const viewer = audience.viewers.get(reader.watcher.userId);
      if (viewer !== undefined && mustLook && (reader.resumeAfter ?? 0) > current.last) {
        continue; // its position comes with the next round
      }
      if (viewer === undefined) {
        reader.end('membership_ended');
      } else if (waiting.has(reader)) {
        reader.admit({ viewer, openProjectIds: audience.openProjectIds }, current);
      } else {
        reader.see(
          { viewer, openProjectIds: audience.openProjectIds },
          news.filter((message) => message !== undefined),
        );
      }
      waiting.delete(reader);
    }
  }

  function deliver(current: History): void {
    let sent = 0;
    let slowest = current.last;
    for (const reader of readers) {
      sent += reader.advance(current);
      slowest = Math.min(slowest, reader.position ?? slowest);
    }
    current.trim(slowest);
    options.onSent(sent);
  }

  async function runRounds(): Promise<void> {
    try {
      while (hasWork()) {
        await round();
      }
    } catch (error) {
      mustLook = true;
      options.onFailure(error);
    } finally {
      running = undefined;
    }
  }

  function run(): void {
    if (running === undefined && hasWork()) {
      running = runRounds();
    }
  }

  return {
    workspaceId,
    readers,
    get position() {
      return history?.last;
    },
    join(reader) {
      readers.add(reader);
      waiting.add(reader);
      run();
    },
    leave(reader) {
      readers.delete(reader);
      waiting.delete(reader);
    },
    resume(reader) {
      if (history !== undefined && readers.has(reader) && !waiting.has(reader)) {
        options.onSent(reader.advance(history));
      }
    },
    wake(number) {
      if (number === undefined) {
        mustLook = true;
      } else {
        newestKnown = Math.max(newestKnown, number);
      }
      run();
    },
    async settled() {
      await running;
    },
  };
}
