import type { LiveEndReason } from '@taskflow/contract/activity';
import {
  type Audience,
  mayHideProject,
  mayReadEvent,
  type Viewer,
  viewerSeesProject,
  type Watcher,
} from '@taskflow/domain';
import { endFrame, heartbeatFrame, readyFrame, resyncFrame } from './frames.ts';
import type { History, Message } from './history.ts';
import type { LiveStream } from './live-stream.ts';

/** What a person sees in the workspace right now. */
export interface Sight {
  readonly viewer: Viewer;
  readonly openProjectIds: Audience['openProjectIds'];
}

/** Options of {@link createReader}. */
export interface ReaderOptions {
  readonly watcher: Watcher;
  /** The last event that the reader has; undefined to begin with what happens from now on. */
  readonly resumeAfter: number | undefined;
  readonly stream: LiveStream;
  /** When to come back after the stream broke; differs between readers, so that they do not come back together. */
  readonly retryMs: number;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
}

/**
 * One client of a workspace's events. It reads the shared history at its own pace, each message at most once and in
 * order; what it has not read yet is buffered nowhere but in the history.
 */
export interface Reader {
  readonly watcher: Watcher;
  readonly resumeAfter: number | undefined;
  /** The last message that it was given or passed over; undefined until admitted. */
  readonly position: number | undefined;
  readonly isClosed: boolean;
  /** Since when it takes nothing, as the clock says; undefined while it does. */
  readonly fullSinceMs: number | undefined;
  /** Begins to read after `resumeAfter`, or at the end of the history; with a resync where that is not possible. */
  admit(sight: Sight, history: History): void;
  /** Replaces what it sees. @param news what led to that, not read yet */
  see(sight: Sight, news: readonly Message[]): void;
  /** Writes what the history has after its position, until it takes no more. Answers how many were written. */
  advance(history: History): number;
  heartbeat(): void;
  /** @param reason told to the client, so that it knows whether to come back */
  end(reason: LiveEndReason): void;
  /** Cuts a client that does not read; it may come back and resume. */
  drop(): void;
}

/** Wraps a stream; see {@link Reader}. */
export function createReader(options: ReaderOptions): Reader {
  const { watcher, resumeAfter, stream, retryMs, now } = options;
  let sight: Sight | undefined;
  let position: number | undefined;
  let joinedAt = 0;
  let fullSinceMs: number | undefined;
  let isClosed = false;
  let hasMissedLoss = false;
  /** Projects out of sight since the last message that was read; the message that tells so is still due. */
  const lost = new Set<string>();

  stream.onDrain(() => {
    fullSinceMs = undefined;
  });
  stream.onClose(() => {
    isClosed = true;
  });

  function isDue(message: Message, { viewer, openProjectIds }: Sight): boolean {
    if (mayReadEvent(viewer, openProjectIds, message)) {
      return true;
    }
    if (!message.changesAccess || message.projectId === null || !mayHideProject(message, viewer.userId)) {
      return false;
    }
    // before it joined nobody knows what it saw, so it is told to look again instead
    hasMissedLoss ||= message.number <= joinedAt;
    return lost.delete(message.projectId);
  }

  function resync(at: number): void {
    stream.write(resyncFrame(at));
    position = at;
    hasMissedLoss = false;
    lost.clear();
  }

  return {
    watcher,
    resumeAfter,
    get position() {
      return position;
    },
    get isClosed() {
      return isClosed;
    },
    get fullSinceMs() {
      return fullSinceMs;
    },
    admit(first, history) {
      sight = first;
      joinedAt = history.last;
      const start = resumeAfter ?? history.last;
      stream.write(readyFrame(Math.min(start, history.last), retryMs));
      position = start;
      if (start < history.base || start > history.last) {
        resync(history.last);
      }
    },
    see(next, news) {
      for (const { projectId, changesAccess } of news) {
        if (
          changesAccess &&
          projectId !== null &&
          sight !== undefined &&
          viewerSeesProject(sight.viewer, sight.openProjectIds, projectId) &&
          !viewerSeesProject(next.viewer, next.openProjectIds, projectId)
        ) {
          lost.add(projectId);
        }
      }
      sight = next;
    },
    advance(history) {
      if (isClosed || sight === undefined || position === undefined) {
        return 0;
      }
      let written = 0;
      while (position < history.last) {
        if (stream.isFull) {
          fullSinceMs ??= now();
          return written;
        }
        const message = history.at(position + 1);
        if (message === undefined) {
          resync(history.last);
          return written;
        }
        if (isDue(message, sight)) {
          stream.write(message.frame);
          written += 1;
        }
        position = message.number;
      }
      if (hasMissedLoss) {
        resync(position);
      }
      return written;
    },
    heartbeat() {
      if (!isClosed && position !== undefined && !stream.isFull) {
        stream.write(heartbeatFrame(position));
      }
    },
    end(reason) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      if (stream.isFull) {
        stream.destroy();
      } else {
        stream.end(endFrame(reason, reason === 'shutting_down' ? retryMs : undefined));
      }
    },
    drop() {
      if (!isClosed) {
        isClosed = true;
        stream.destroy();
      }
    },
  };
}
