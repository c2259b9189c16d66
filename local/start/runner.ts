import { z } from 'zod';
import type { ServerExit } from '../embedded/index.ts';

/** The line that tells the supervisor that a runner's server answers. */
export const RUNNER_READY = 'ready';

const environmentSchema = z.object({ DATA_DIR: z.string().min(1), PORT: z.coerce.number().int().min(1).max(65_535) });

/** Where a runner keeps its data and listens, from DATA_DIR and PORT. */
export function readRunnerEnvironment(env: NodeJS.ProcessEnv): { dataDir: string; port: number } {
  const { DATA_DIR, PORT } = environmentSchema.parse(env);
  return { dataDir: DATA_DIR, port: PORT };
}

/** A server that a runner stands in for. */
export interface RunnerServer {
  readonly exited: Promise<ServerExit>;
  stop(): Promise<void>;
}

/**
 * Makes a server look like one plain program to the supervisor: starts it, says {@link RUNNER_READY}, stops it on
 * SIGTERM or SIGINT and ends with code 1 when it ends by itself or cannot start.
 */
export async function serveUntilSignal(start: () => Promise<RunnerServer>): Promise<void> {
  const stopRequested = new Promise<void>((resolve) => {
    process.on('SIGTERM', () => resolve());
    process.on('SIGINT', () => resolve());
  });
  const server = await start().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    return undefined;
  });
  if (server === undefined) {
    process.exitCode = 1;
    return;
  }
  console.log(RUNNER_READY);
  const exit = await Promise.race([server.exited, stopRequested]);
  if (exit !== undefined) {
    console.error(`the server ended by itself (${exit.code ?? exit.signal})`);
    process.exitCode = 1;
  }
  await server.stop();
}
