import { type JobPriority, jobPriorities } from '@taskflow/contract/jobs';
import Queue from 'bee-queue';
import type { RedisClient } from 'redis';
import { z } from 'zod';
import { shareIn } from '../engine/slots.ts';
import { asError } from './as-error.ts';
import { bundle } from './bundles.ts';
import type { Delivery, WorkMs } from './transport.ts';

/** One bee-queue for each priority. */
export type DeliveryQueues = Readonly<Record<JobPriority, Queue<unknown>>>;

/** Deals with deliveries of one priority. Never rejects; false when none was taken because the signal aborted first. */
export type TakeDeliveries = (deliveries: readonly Delivery[], signal: AbortSignal) => Promise<boolean>;

/** Settings of {@link createDeliveryQueues} and {@link consumeDeliveries}. */
export interface DeliveryQueueOptions {
  /** Stands before every key. */
  readonly prefix: string;
  /** What is taken at the same time; each priority takes its part of it, see `shareIn`. */
  readonly concurrency: number;
  /** A consumer that says nothing for this long loses what it took: it is delivered again after one to two of these. */
  readonly stallIntervalMs: number;
  readonly take: TakeDeliveries;
  readonly onError: (error: Error) => void;
}

/** A bundle in Redis: job, number of dispatch, type and scope of each delivery. */
const bundleSchema = z.object({ jobs: z.array(z.tuple([z.string(), z.int(), z.string(), z.string()])) });

/** Told to bee-queue when a delivery goes back to its queue. */
class ReturnedError extends Error {
  override readonly name = 'ReturnedError';
}

/**
 * Opens the three queues; `ready()` of each says when its scripts are loaded.
 *
 * @param onBroken told of everything that goes wrong in them; what they do after that is not to be relied on
 */
export function createDeliveryQueues(
  options: DeliveryQueueOptions,
  commands: RedisClient,
  onBroken: (error: Error) => void,
): DeliveryQueues {
  const open = (priority: JobPriority): Queue<unknown> =>
    openQueue(priority, options, commands, true).on('error', onBroken);
  return { critical: open('critical'), default: open('default'), bulk: open('bulk') };
}

function openQueue(
  name: JobPriority | 'scripts',
  options: DeliveryQueueOptions,
  commands: RedisClient,
  isWorker: boolean,
): Queue<unknown> {
  return new Queue<unknown>(name, {
    redis: commands,
    prefix: options.prefix,
    isWorker,
    stallInterval: options.stallIntervalMs,
    getEvents: false,
    sendEvents: false,
    storeJobs: false,
    activateDelayedJobs: false,
    removeOnSuccess: true,
    removeOnFailure: true,
  });
}

/**
 * Begins to take deliveries; the signal gives back those that wait to be taken.
 *
 * @param popped ids leave it when they are taken over from bee-queue
 */
export function consumeDeliveries(
  queues: DeliveryQueues,
  options: DeliveryQueueOptions,
  popped: Set<string>,
  signal: AbortSignal,
  onBroken: (error: Error) => void,
): void {
  const broken = (error: unknown): void => onBroken(asError(error));
  for (const priority of jobPriorities) {
    const queue = queues[priority];
    queue.on('stalled', (id) => {
      removeOrphan(queue, id).catch(broken);
    });
    queue.process(shareIn(options.concurrency, priority), async (job) => {
      popped.delete(job.id);
      let deliveries: Delivery[];
      try {
        deliveries = parseBundle(priority, job.data);
      } catch (error) {
        options.onError(new Error(`a delivery that cannot be read was dropped from ${priority}`, { cause: error }));
        return;
      }
      if (!(await options.take(deliveries, signal))) {
        job.retries(1);
        throw new ReturnedError('given back');
      }
    });
    queue.checkStalledJobs(Math.ceil(options.stallIntervalMs / 2)).catch(broken);
  }
}

/**
 * Writes deliveries, those of a priority in one round trip. One that is there already (same job, same number of
 * dispatch) stays as it is.
 *
 * @throws when one may not have arrived
 */
export async function pushDeliveries(
  queues: DeliveryQueues,
  deliveries: readonly Delivery[],
  options: DeliveryQueueOptions,
  commands: RedisClient,
  workMs: WorkMs,
): Promise<void> {
  const groups = Map.groupBy(deliveries, ({ priority }) => priority);
  await Promise.all(
    [...groups].map(([priority, group]) =>
      pushTo(queues[priority], bundle(group, options.concurrency, workMs), () => loadScripts(options, commands)),
    ),
  );
}

async function pushTo(
  queue: Queue<unknown>,
  bundles: readonly (readonly Delivery[])[],
  reloadScripts: () => Promise<void>,
): Promise<void> {
  const jobs = bundles.map((each) => queue.createJob<unknown>(toBundle(each)).setId(bundleId(each)));
  let failures = await queue.saveAll(jobs);
  if ([...failures.values()].some(({ message }) => message.startsWith('NOSCRIPT'))) {
    await reloadScripts();
    failures = await queue.saveAll([...failures.keys()]);
  }
  for (const cause of failures.values()) {
    throw new Error(`${failures.size} of ${jobs.length} bundles of deliveries were not pushed`, { cause });
  }
}

/** A server may forget scripts while connections stay (`SCRIPT FLUSH`); opening any bee-queue loads them. */
async function loadScripts(options: DeliveryQueueOptions, commands: RedisClient): Promise<void> {
  const loader = openQueue('scripts', options, commands, false).on('error', () => undefined);
  await loader.ready();
  await loader.close(1);
}

/** Puts deliveries that were popped and not taken back into their queues, once those are closed. */
export async function giveBack(
  popped: ReadonlySet<string>,
  options: DeliveryQueueOptions,
  commands: RedisClient,
): Promise<void> {
  for (const priority of popped.size === 0 ? [] : jobPriorities) {
    const queue = openQueue(priority, options, commands, false).on('error', () => undefined);
    for (const id of popped) {
      const job: Queue.Job<unknown> | null = await queue.getJob(id);
      if (job !== null) {
        await queue.removeJob(id);
        await queue.saveAll([queue.createJob(job.data).setId(id)]);
      }
    }
    await queue.close(1);
  }
}

function toBundle(deliveries: readonly Delivery[]): z.infer<typeof bundleSchema> {
  return { jobs: deliveries.map(({ jobId, dispatchNo, type, scope }) => [jobId, dispatchNo, type, scope]) };
}

/** No two bundles begin with the same dispatch of the same job, so none is taken for one that is there already. */
function bundleId([first]: readonly Delivery[]): string {
  return `${first?.jobId}.${first?.dispatchNo}`;
}

function parseBundle(priority: JobPriority, data: unknown): Delivery[] {
  const { jobs } = bundleSchema.parse(data);
  return jobs.map(([jobId, dispatchNo, type, scope]) => ({ jobId, dispatchNo, type, scope, priority }));
}

/** A slow consumer that finishes while its delivery waits anew leaves an id without data, handed round for ever. */
async function removeOrphan(queue: Queue<unknown>, id: string): Promise<void> {
  const job: unknown = await queue.getJob(id);
  if (job === null) {
    await queue.removeJob(id);
  }
}
