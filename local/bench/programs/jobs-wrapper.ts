/** Contestants of `jobs-wrapper`: what is around a handler that succeeds at once, the engine's and opossum's. */
import { createHook } from 'node:async_hooks';
import { createBreakers, defineJobType, handleJob } from '@taskflow/jobs';
import { claimedJob, createBareAttempts } from '@taskflow/jobs/testing/bare-attempts';
import CircuitBreaker from 'opossum';
import { z } from 'zod';

const calls = 200_000;

const unreachable = (): Promise<never> => Promise.reject(new Error('nobody has failed'));
const breakers = createBreakers({
  store: {
    changes: 'x',
    apply: unreachable,
    overview: unreachable,
    groups: unreachable,
    now: unreachable,
    takeTurn: unreachable,
  },
  wakeUps: {
    state: 'disconnected',
    subscribe: () => () => undefined,
    onReconnect: () => () => undefined,
    publish: () => undefined,
    close: () => Promise.resolve(),
  },
  executor: { query: unreachable },
  log: { record: () => undefined, flush: () => Promise.resolve(), close: () => Promise.resolve() },
  settings: () => ({ failureThreshold: 5, cooldownMs: 60_000 }),
  logger: { info: () => undefined, warn: () => undefined },
});

const nothing = Promise.resolve(undefined);
const type = defineJobType({ name: 'bench.noop', payload: z.unknown(), priority: 'default', timeoutMs: 30_000 });
const handler = handleJob(type, () => nothing);
const job = claimedJob(type.name, { n: 1 });
const run = createBareAttempts(breakers);
const circuit = new CircuitBreaker(() => nothing, {
  timeout: 30_000,
  errorThresholdPercentage: 50,
  resetTimeout: 60_000,
});
const contestants: Readonly<Record<string, () => Promise<unknown>>> = {
  bare: () => nothing,
  taskflow: () => run(handler, job),
  opossum: () => circuit.fire(),
};

/** CPU of one call in microseconds, and how many timers were made. */
async function measure(call: () => Promise<unknown>): Promise<{ cpuUs: number; timers: number }> {
  let timers = 0;
  const hook = createHook({
    init(_id, resource) {
      timers += resource === 'Timeout' ? 1 : 0;
    },
  }).enable();
  for (let index = 0; index < 1_000; index += 1) {
    await call();
  }
  hook.disable();
  const before = process.cpuUsage();
  for (let index = 0; index < calls; index += 1) {
    await call();
  }
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: (user + system) / calls, timers };
}

const message = z.object({ name: z.string() });
process.on('message', (received) => {
  const call = contestants[message.safeParse(received).data?.name ?? ''];
  if (call !== undefined) {
    void measure(call).then((result) => process.send?.(result));
  }
});
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
process.send?.({ port: 0 });
