import { metricNames } from '@taskflow/contract/platform';
import {
  type Committed,
  DomainError,
  type LiveSource,
  liveTopic,
  type WorkspaceAccess,
  wakeUpMessage,
} from '@taskflow/domain';
import type { WakeUpChannel } from '@taskflow/redis';
import type { Logger, Metrics } from '@taskflow/telemetry';
import type { LiveStream } from './live-stream.ts';
import { createReader, type Reader } from './reader.ts';
import { createRoom, type Room } from './room.ts';
import { defaultSettings, type LiveHubSettings } from './settings.ts';
import { startUpkeep } from './upkeep.ts';

const mebibyte = 1_048_576;
const historyBytes = { maxBytes: 8 * mebibyte, keptBytes: mebibyte / 8 };

/** Options of {@link createLiveHub}. */
export interface LiveHubOptions {
  readonly source: LiveSource;
  readonly wakeUps: WakeUpChannel;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly settings?: Partial<LiveHubSettings>;
}

/** A client that wants to be told what happens in a workspace. */
export interface LiveConnection {
  readonly access: WorkspaceAccess;
  /** The last event that the client has, if any. */
  readonly resumeAfter: number | undefined;
  /** Begins the answer; called once the client is accepted. */
  readonly open: () => LiveStream;
}

/** The live events of one process. */
export interface LiveHub {
  /** @throws DomainError `too_many_requests` with too many streams of one person, `unavailable` when draining */
  connect(connection: LiveConnection): void;
  /** Reads what own commits brought, and wakes the other processes. Never throws or waits. */
  wake(changes: readonly Committed[]): void;
  /** Asks in every process whether this person's streams still hold: after a sign-out, for instance. */
  recheck(userId: string): void;
  /** Ends every stream with a hint when to come back; from here on nobody is accepted. */
  drain(): void;
  /** Drains, and resolves when nothing runs any more. */
  close(): Promise<void>;
}

const peopleTopic = 'taskflow:live:people';

/** Starts a hub: one reader of activity for each workspace that has clients here. */
export function createLiveHub(options: LiveHubOptions): LiveHub {
  const { source, wakeUps, metrics, log, now, random } = options;
  const settings = { ...defaultSettings, ...options.settings };
  const rooms = new Map<string, Room>();
  const streamsOf = new Map<string, number>();
  let isDraining = false;

  const sent = metrics.counter({ name: metricNames.liveEventsSentTotal, help: 'Live events written to clients' });
  const dropped = metrics.counter({
    name: metricNames.liveClientsDroppedTotal,
    help: 'Clients cut off because they did not read',
  });
  metrics.gauge({
    name: metricNames.liveClients,
    help: 'Clients that read live events',
    collect: (gauge) => gauge.set([...rooms.values()].reduce((sum, room) => sum + room.readers.size, 0)),
  });
  const upkeep = startUpkeep({ rooms, source, wakeUps, log, now, settings, onDropped: () => dropped.inc() });
  const unsubscribe = [
    wakeUps.subscribe(liveTopic, { message: wakeByMessage, active: lookAround }),
    wakeUps.subscribe(peopleTopic, { message: upkeep.recheckPerson }),
  ];

  function wakeByMessage(message: string): void {
    const split = message.lastIndexOf(':');
    rooms.get(message.slice(0, split))?.wake(Number(message.slice(split + 1)));
  }

  function lookAround(): void {
    for (const room of rooms.values()) {
      room.wake();
    }
  }

  function enter(workspaceId: string): Room {
    const room =
      rooms.get(workspaceId) ??
      createRoom({
        workspaceId,
        source,
        limits: { maxMessages: settings.maxGap, ...historyBytes },
        onSent: (messages) => sent.inc(messages),
        onFailure: upkeep.failed,
      });
    rooms.set(workspaceId, room);
    return room;
  }

  function leave(room: Room, reader: Reader): void {
    const { userId } = reader.watcher;
    const left = (streamsOf.get(userId) ?? 1) - 1;
    if (left === 0) {
      streamsOf.delete(userId);
    } else {
      streamsOf.set(userId, left);
    }
    room.leave(reader);
    if (room.readers.size === 0 && rooms.get(room.workspaceId) === room) {
      rooms.delete(room.workspaceId);
    }
  }

  function drain(): void {
    isDraining = true;
    for (const room of rooms.values()) {
      for (const reader of room.readers) {
        reader.end('shutting_down');
      }
    }
  }

  return {
    connect({ access, resumeAfter, open }) {
      const { userId, credential, credentialId } = access.caller;
      const streams = streamsOf.get(userId) ?? 0;
      if (isDraining) {
        throw new DomainError('unavailable', 'This process is shutting down; another one answers');
      }
      if (streams >= settings.streamsPerPerson) {
        throw new DomainError('too_many_requests', `At most ${settings.streamsPerPerson} streams at a time`);
      }
      const stream = open();
      const reader = createReader({
        watcher: { workspaceId: access.workspace.id, userId, credential, credentialId },
        resumeAfter,
        stream,
        retryMs: Math.round(1_000 + random() * 4_000),
        now,
      });
      const room = enter(access.workspace.id);
      streamsOf.set(userId, streams + 1);
      stream.onDrain(() => room.resume(reader));
      stream.onClose(() => leave(room, reader));
      room.join(reader);
    },
    wake(changes) {
      for (const change of changes) {
        rooms.get(change.workspaceId)?.wake(change.number);
        wakeUps.publish(liveTopic, wakeUpMessage(change));
      }
    },
    recheck(userId) {
      upkeep.recheckPerson(userId);
      wakeUps.publish(peopleTopic, userId);
    },
    drain,
    async close() {
      drain();
      for (const stop of unsubscribe) {
        stop();
      }
      await upkeep.stop();
      await Promise.all([...rooms.values()].map((room) => room.settled()));
    },
  };
}
