import type { RedisClient } from 'redis';

/**
 * Watches the blocking pops of bee-queue, so that closing a queue loses none. Left alone it cuts the connection while
 * replies are on their way, and forgets ids that it had not begun with: under load several deliveries at each stop,
 * which would then wait until they count as stalled.
 */
export interface BlockingPops {
  /** Ids that were popped; who takes one over removes it. */
  readonly popped: Set<string>;
  watch(connection: RedisClient): void;
  /**
   * Sends no more pops and resolves when every one under way has been answered. What they bring stays in `popped` and
   * never reaches bee-queue. Gives up when the server does not help (`CLIENT` forbidden) or the signal aborts.
   */
  end(commands: RedisClient, signal: AbortSignal): Promise<void>;
}

interface Watched {
  underWay: number;
  /** What the server calls the connection; undefined until it has answered. */
  clientId: number | undefined;
}

/** Watches no connection yet. */
export function createBlockingPops(): BlockingPops {
  const popped = new Set<string>();
  const connections: Watched[] = [];
  let isEnding = false;
  return {
    popped,
    watch(connection) {
      const watched: Watched = { underWay: 0, clientId: undefined };
      connections.push(watched);
      connection.once('ready', () => {
        connection.send_command('CLIENT', ['ID'], (_error, clientId: unknown) => {
          watched.clientId = typeof clientId === 'number' ? clientId : undefined;
        });
      });
      const pop = connection.brpoplpush.bind(connection);
      connection.brpoplpush = (source, destination, timeout, callback) => {
        if (isEnding) {
          return false;
        }
        watched.underWay += 1;
        return pop(source, destination, timeout, (error, id) => {
          watched.underWay -= 1;
          // a failed pop has no id at all, whatever the client's types say
          if (typeof id === 'string') {
            popped.add(id);
          }
          if (!isEnding || error !== null) {
            callback?.(error, id);
          }
        });
      };
    },
    async end(commands, signal) {
      isEnding = true;
      for (const watched of connections) {
        let goesOn = true;
        // One call ends one pop, and only while it is waiting.
        while (goesOn && watched.underWay > 0 && !signal.aborted) {
          goesOn = await unblock(commands, watched.clientId);
        }
      }
    },
  };
}

/** @returns whether the server did as it was told */
function unblock(commands: RedisClient, clientId: number | undefined): Promise<boolean> {
  if (clientId === undefined) {
    return Promise.resolve(false);
  }
  return new Promise((resolve) => {
    commands.send_command('CLIENT', ['UNBLOCK', String(clientId)], (error) => resolve(error === null));
  });
}
