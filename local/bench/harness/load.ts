import autocannon from 'autocannon';
import type { Program } from './program.ts';

/** Requests of a measurement. */
export interface Load {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: 'GET' | 'POST';
  readonly body?: string;
  /** Headers of one request alone, such as its Idempotency-Key. */
  readonly uniqueHeaders?: () => Readonly<Record<string, string>>;
  /** @default 8 */
  readonly connections?: number;
  /** @default 1.5 s */
  readonly seconds?: number;
  /** Sends that many instead of as many as it can. */
  readonly perSecond?: number;
}

/** What a measurement showed. */
export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMsPerRequest: number;
}

/**
 * Keeps a program busy for a while.
 *
 * @throws when an answer is anything but a success: a fast error is no figure
 */
export async function put(program: Program, load: Load): Promise<LoadResult> {
  const { path, headers = {}, method = 'GET', body, uniqueHeaders } = load;
  const before = await program.usage();
  const result = await autocannon({
    url: `${program.url}${path}`,
    method,
    headers: { ...headers },
    connections: load.connections ?? 8,
    duration: load.seconds ?? 1.5,
    timeout: 10,
    ...(load.perSecond === undefined ? {} : { overallRate: load.perSecond }),
    ...(body === undefined ? {} : { body }),
    ...(uniqueHeaders === undefined
      ? {}
      : {
          requests: [
            { setupRequest: (request) => ({ ...request, headers: { ...request.headers, ...uniqueHeaders() } }) },
          ],
        }),
  });
  const after = await program.usage();
  const succeeded = result['2xx'];
  if (result.non2xx > 0 || result.errors > 0 || succeeded === 0) {
    throw new Error(`${method} ${path}: ${succeeded} answers, ${result.non2xx} refused, ${result.errors} errors`);
  }
  return {
    requests: succeeded,
    perSecond: succeeded / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMsPerRequest: (after.cpuMs - before.cpuMs) / succeeded,
  };
}
