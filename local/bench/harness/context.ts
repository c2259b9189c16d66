import { type Program, startApi } from './program.ts';
import type { Report } from './rounds.ts';
import { readWorld, seed, type World } from './seed.ts';
import { type Servers, startServers } from './servers.ts';

/** What benchmarks of one run share: servers and data are made when the first of them asks. */
export interface BenchContext {
  readonly report: Report;
  servers(): Promise<Servers>;
  world(): Promise<World>;
  /** Starts the API on the servers. Stop it when done. */
  api(env?: Readonly<Record<string, string>>): Promise<Program>;
  stop(): Promise<void>;
}

/** One figure, or a few that belong together. */
export interface Benchmark {
  readonly about: string;
  run(context: BenchContext): Promise<void>;
}

/** Nothing runs yet. @param keptFolder where servers and data stay for the next run */
export function createContext(report: Report, keptFolder: string | undefined): BenchContext {
  let servers: Promise<Servers> | undefined;
  let world: Promise<World> | undefined;

  const context: BenchContext = {
    report,
    servers() {
      servers ??= startServers(keptFolder);
      return servers;
    },
    world() {
      world ??= context.servers().then(async ({ admin }) => {
        const startedAtMs = performance.now();
        if (await seed(admin)) {
          report.note(`seeded 200,000 tasks in ${((performance.now() - startedAtMs) / 1_000).toFixed(0)} s`);
        }
        return readWorld(admin);
      });
      return world;
    },
    async api(env = {}) {
      const { databaseUrl, redisUrl } = await context.servers();
      return startApi({ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, ...env });
    },
    async stop() {
      await (await servers)?.stop();
    },
  };
  return context;
}
