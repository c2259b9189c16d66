import type { Redis } from 'ioredis';

/** A Lua script that Redis runs as one step. */
export interface ScriptDefinition {
  /** What it is called among the client's commands; the same name always stands for the same text. */
  readonly name: string;
  readonly lua: string;
  readonly numberOfKeys: number;
}

/** Runs a script: keys first, then its arguments. Answers Redis's reply as it came. */
export type Script = (...keysAndArguments: readonly (string | number)[]) => Promise<unknown>;

/**
 * Makes a script known to a client. It is sent by its hash; a Redis that has forgotten it, as after a restart, gets
 * the text again by itself.
 */
export function defineScript(redis: Redis, { name, lua, numberOfKeys }: ScriptDefinition): Script {
  redis.defineCommand(name, { lua, numberOfKeys });
  const command: unknown = Reflect.get(redis, name);
  if (typeof command !== 'function') {
    throw new TypeError(`the client did not take the script ${name}`);
  }
  return async (...keysAndArguments) => {
    const reply: unknown = await Reflect.apply(command, redis, keysAndArguments);
    return reply;
  };
}
