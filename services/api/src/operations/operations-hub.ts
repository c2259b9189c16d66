import type { OperationsSnapshot } from '@taskflow/contract/operations';
import { DomainError } from '@taskflow/domain';
import type { Logger } from '@taskflow/telemetry';
import { endFrame, messageFrame, pauseFrame } from '../live/frames.ts';
import type { LiveStream } from '../live/live-stream.ts';

/** Options of {@link createOperationsHub}. */
export interface OperationsHubOptions {
  /** What is to be seen now. */
  readonly read: () => Promise<OperationsSnapshot>;
  readonly log: Pick<Logger, 'warn'>;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  /** @default 1 s */
  readonly intervalMs?: number;
}

/** Tells everybody who looks what goes on in the background. It works only while somebody does. */
export interface OperationsHub {
  /**
   * Begins a stream for an operator. It ends after a minute, so that whoever comes back is asked again who they are.
   *
   * @throws DomainError `too_many_requests` with too many of one person, `unavailable` when draining
   */
  connect(userId: string, open: () => LiveStream): void;
  /** Ends the streams of somebody whose session ended. */
  end(userId: string): void;
  /** Ends every stream with a hint when to come back, and resolves when nothing runs any more. */
  close(): Promise<void>;
}

interface Viewer {
  readonly userId: string;
  readonly stream: LiveStream;
  readonly until: number;
}

const longestStreamMs = 60_000;
const retryMs = 1_000;
const streamsPerPerson = 12;
/** The most of the time that reading may take, for the sake of the database: a tenth. */
const restPerRead = 9;

/** Creates a hub; each snapshot is read once, however many look. */
export function createOperationsHub(options: OperationsHubOptions): OperationsHub {
  const { read, log, now, intervalMs = 1_000 } = options;
  const viewers = new Set<Viewer>();
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<void> | undefined;
  let isDraining = false;
  let number = 0;
  let isFailing = false;

  function tellIn(delayMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      telling = tell().finally(() => {
        telling = undefined;
      });
    }, delayMs);
  }

  async function tell(): Promise<void> {
    const beganMs = now();
    try {
      const json = JSON.stringify(await read());
      number += 1;
      isFailing = false;
      send(json);
    } catch (error) {
      if (!isFailing) {
        isFailing = true;
        log.warn({ err: error }, 'operations cannot be read');
      }
    }
    if (viewers.size > 0 && !isDraining) {
      const tookMs = now() - beganMs;
      tellIn(Math.max(intervalMs - tookMs, tookMs * restPerRead));
    }
  }

  function send(json: string): void {
    const frame = messageFrame(number, json);
    for (const viewer of viewers) {
      if (now() >= viewer.until) {
        viewer.stream.end(pauseFrame(retryMs));
      } else if (!viewer.stream.isFull) {
        viewer.stream.write(frame);
      }
    }
  }

  return {
    connect(userId, open) {
      if (isDraining) {
        throw new DomainError('unavailable', 'This process is shutting down; another one answers');
      }
      if ([...viewers].filter((viewer) => viewer.userId === userId).length >= streamsPerPerson) {
        throw new DomainError('too_many_requests', `At most ${streamsPerPerson} streams at a time`);
      }
      const viewer = { userId, stream: open(), until: now() + longestStreamMs };
      viewers.add(viewer);
      viewer.stream.onClose(() => viewers.delete(viewer));
      if (telling === undefined) {
        tellIn(0);
      }
    },
    end(userId) {
      for (const viewer of viewers) {
        if (viewer.userId === userId) {
          viewer.stream.end(endFrame('session_ended'));
        }
      }
    },
    async close() {
      isDraining = true;
      clearTimeout(timer);
      for (const viewer of viewers) {
        viewer.stream.end(endFrame('shutting_down', retryMs));
      }
      await telling;
    },
  };
}
