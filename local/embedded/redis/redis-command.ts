/** How to run a Redis server on this machine. The configuration always comes in by standard input. */
export interface RedisCommand {
  /** What a person would call it: `redis-server 7.0.15 (/usr/bin/redis-server)`. */
  readonly description: string;
  readonly command: string;
  /** Arguments for a server that listens on this port and keeps its data in this folder. */
  args(place: RedisPlace): readonly string[];
  /** Settings that differ from a server started directly. */
  settings(place: RedisPlace): Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Removes what a killed predecessor left behind in this folder. */
  cleanUp(place: RedisPlace): Promise<void>;
}

/** Where one server works. */
export interface RedisPlace {
  readonly dataDir: string;
  readonly port: number;
}
