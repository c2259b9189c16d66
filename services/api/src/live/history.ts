import type { LiveEntry } from '@taskflow/domain';
import { type Frame, messageFrame } from './frames.ts';

/** An entry, serialized once for all its readers. */
export interface Message extends Omit<LiveEntry, 'json'> {
  readonly frame: Frame;
}

/** The newest messages of one workspace, without gaps: those after `base` up to `last`. */
export interface History {
  readonly base: number;
  readonly last: number;
  /** Undefined for what is no longer, or not yet, here. */
  at(number: number): Message | undefined;
  append(entries: readonly LiveEntry[]): void;
  /** Adds what came right before. Ignores entries that would leave a gap. */
  prepend(entries: readonly LiveEntry[]): void;
  /**
   * Forgets the oldest messages: all that exceed the limits of a history, and those that exceed the bytes to keep
   * and that nobody waits for.
   *
   * @param waitingAfter the number behind which the slowest reader stands
   */
  trim(waitingAfter: number): void;
}

/** How much a history holds. */
export interface HistoryLimits {
  readonly maxMessages: number;
  readonly maxBytes: number;
  /** Kept for readers that come back, when nobody needs it now. */
  readonly keptBytes: number;
}

function toMessage({ json, ...about }: LiveEntry): Message {
  return { ...about, frame: messageFrame(about.number, json) };
}

/** @throws RangeError for entries that do not follow on `last` */
function assertFollowing(entries: readonly LiveEntry[], last: number): void {
  for (const [index, entry] of entries.entries()) {
    if (entry.number !== last + index + 1) {
      throw new RangeError(`activity ${entry.number} came where ${last + index + 1} was expected`);
    }
  }
}

/** An empty history that begins after `start`. */
export function createHistory(start: number, limits: HistoryLimits): History {
  let base = start;
  let messages: Message[] = [];
  let bytes = 0;

  function sizeOf(list: readonly Message[]): number {
    return list.reduce((sum, { frame }) => sum + frame.chunk.length, 0);
  }

  return {
    get base() {
      return base;
    },
    get last() {
      return base + messages.length;
    },
    at: (number) => messages[number - base - 1],
    append(entries) {
      assertFollowing(entries, base + messages.length);
      const added = entries.map(toMessage);
      messages.push(...added);
      bytes += sizeOf(added);
    },
    prepend(entries) {
      const first = entries[0];
      if (first === undefined || entries.at(-1)?.number !== base) {
        return;
      }
      assertFollowing(entries, first.number - 1);
      const added = entries.map(toMessage);
      messages = [...added, ...messages];
      base = first.number - 1;
      bytes += sizeOf(added);
    },
    trim(waitingAfter) {
      let dropped = 0;
      for (const { number, frame } of messages) {
        const isOverLimit = messages.length - dropped > limits.maxMessages || bytes > limits.maxBytes;
        const isSpare = bytes > limits.keptBytes && number <= waitingAfter;
        if (!isOverLimit && !isSpare) {
          break;
        }
        bytes -= frame.chunk.length;
        dropped += 1;
      }
      if (dropped > 0) {
        messages = messages.slice(dropped);
        base += dropped;
      }
    },
  };
}
