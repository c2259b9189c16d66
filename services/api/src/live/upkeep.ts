import type { LiveSource } from '@taskflow/domain';
import type { WakeUpChannel } from '@taskflow/redis';
import type { Logger } from '@taskflow/telemetry';
import type { Reader } from './reader.ts';
import type { Room } from './room.ts';
import type { LiveHubSettings } from './settings.ts';

/** Options of {@link startUpkeep}. */
export interface UpkeepOptions {
  readonly rooms: ReadonlyMap<string, Room>;
  readonly source: LiveSource;
  readonly wakeUps: Pick<WakeUpChannel, 'state'>;
  readonly log: Logger;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  readonly settings: LiveHubSettings;
  /** A reader that did not read was cut off. */
  readonly onDropped: () => void;
}

/** What has to be done for rooms from time to time, whatever happens in them. */
export interface Upkeep {
  /** A room could not reach PostgreSQL: from now on it is asked more often, and rooms go on once it answers. */
  failed(error: unknown): void;
  /** Asks now whether this person's streams still hold. */
  recheckPerson(userId: string): void;
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>;
}

const tickMs = 250;

/**
 * Looks for activity that nobody told of, ends streams whose session or membership ended, drops readers that do not
 * read, and keeps quiet streams open. Each of these is one statement or none, whatever the number of rooms.
 */
export function startUpkeep(options: UpkeepOptions): Upkeep {
  const { rooms, source, log, now, settings } = options;
  const lastMs = { look: now(), heartbeat: now(), recheck: now() };
  const running = new Set<Promise<void>>();
  let isFailing = false;
  let distrustUntilMs = 0;

  const readers = (): Reader[] => [...rooms.values()].flatMap((room) => [...room.readers]);

  function failed(error: unknown): void {
    if (!isFailing) {
      isFailing = true;
      log.warn({ err: error }, 'live events wait for the database');
    }
  }

  /** Owns a piece of work that nobody waits for. */
  function attend(work: () => Promise<void>): void {
    const attended = work()
      .catch(failed)
      .finally(() => running.delete(attended));
    running.add(attended);
  }

  async function look(): Promise<void> {
    const numbers = await source.lastNumbers([...rooms.keys()]);
    if (isFailing) {
      isFailing = false;
      log.info({}, 'live events go on');
      for (const room of rooms.values()) {
        room.wake();
      }
    }
    for (const [workspaceId, number] of numbers) {
      rooms.get(workspaceId)?.wake(number);
    }
  }

  async function recheck(asked: readonly Reader[]): Promise<void> {
    const open = asked.filter((reader) => !reader.isClosed);
    const lost = open.length === 0 ? [] : await source.lostRights(open.map(({ watcher }) => watcher));
    for (const [place, reason] of lost) {
      open[place]?.end(reason);
    }
  }

  function dropStalled(): void {
    for (const reader of readers()) {
      const { fullSinceMs, isClosed } = reader;
      if (!isClosed && fullSinceMs !== undefined && now() - fullSinceMs >= settings.stallMs) {
        options.onDropped();
        reader.drop();
      }
    }
  }

  /** Other processes find back to Redis later than this one may: until then their wake-ups are missing. */
  function lookIntervalMs(): number {
    if (options.wakeUps.state === 'disconnected') {
      distrustUntilMs = now() + settings.distrustMs;
    }
    return isFailing || now() < distrustUntilMs ? settings.pollMs : settings.lookMs;
  }

  /** Whether it is time again for what is done every `intervalMs`. */
  function isDue(what: keyof typeof lastMs, intervalMs: number): boolean {
    const due = now() - lastMs[what] >= intervalMs;
    if (due) {
      lastMs[what] = now();
    }
    return due;
  }

  function tick(): void {
    if (rooms.size === 0) {
      return;
    }
    dropStalled();
    if (isDue('look', lookIntervalMs())) {
      attend(look);
    }
    if (isDue('recheck', settings.recheckMs)) {
      attend(() => recheck(readers()));
    }
    if (isDue('heartbeat', settings.heartbeatMs)) {
      for (const reader of readers()) {
        reader.heartbeat();
      }
    }
  }

  const ticking = setInterval(tick, Math.min(tickMs, settings.pollMs));
  ticking.unref();

  return {
    failed,
    recheckPerson(userId) {
      attend(() => recheck(readers().filter(({ watcher }) => watcher.userId === userId)));
    },
    async stop() {
      clearInterval(ticking);
      await Promise.all(running);
    },
  };
}
