import { type JobPriority, jobPriorities } from '@taskflow/contract/jobs';
import Queue from 'bee-queue';
import type { RedisClient } from 'redis';
import { z } from 'zod';
import { asError } from './as-error.ts';
import { slotsFor } from './slots.ts';
import type { Delivery } from './transport.ts';

/** One bee-queue for each priority. */
export type DeliveryQueues = Readonly<Record<JobPriority, Queue<unknown>>>;

/** Deals with one delivery. Never rejects; false when it was not taken because the signal aborted first. */
export type TakeDelivery = (delivery: Delivery, signal: AbortSignal) => Promise<boolean>;

/** Settings of {@link createDeliveryQueues} and {@link consumeDeliveries}. */
export interface DeliveryQueueOptions {
  /** Stands before every key. */
  readonly prefix: string;
  /** What is taken at the same time; each priority takes its part of it, see `slotsFor`. */
  readonly concurrency: number;
  /** A consumer that says nothing for this long loses what it took: it is delivered again after one to two of these. */
  readonly stallIntervalMs: number;
  readonly take: TakeDelivery;
  readonly onError: (error: Error) => void;
}

const deliveryDataSchema = z.object({ type: z.string(), scope: z.string() });

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
    new Queue<unknown>(priority, {
      redis: commands,
      prefix: options.prefix,
      stallInterval: options.stallIntervalMs,
      getEvents: false,
      sendEvents: false,
      storeJobs: false,
      activateDelayedJobs: false,
      removeOnSuccess: true,
      removeOnFailure: true,
    }).on('error', onBroken);
  return { critical: open('critical'), default: open('default'), bulk: open('bulk') };
}

/** Begins to take deliveries; the signal gives back those that wait to be taken. */
export function consumeDeliveries(
  queues: DeliveryQueues,
  options: DeliveryQueueOptions,
  signal: AbortSignal,
  onBroken: (error: Error) => void,
): void {
  const broken = (error: unknown): void => onBroken(asError(error));
  for (const priority of jobPriorities) {
    const queue = queues[priority];
    queue.on('stalled', (id) => {
      removeOrphan(queue, id).catch(broken);
    });
    queue.process(slotsFor(priority, options.concurrency), async (job) => {
      let delivery: Delivery;
      try {
        delivery = parseDelivery(priority, job.id, job.data);
      } catch (error) {
        options.onError(new Error(`a delivery that cannot be read was dropped from ${priority}`, { cause: error }));
        return;
      }
      if (!(await options.take(delivery, signal))) {
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
  commands: RedisClient,
): Promise<void> {
  const groups = Map.groupBy(deliveries, ({ priority }) => priority);
  await Promise.all([...groups].map(([priority, group]) => pushTo(queues[priority], group, commands)));
}

async function pushTo(queue: Queue<unknown>, deliveries: readonly Delivery[], commands: RedisClient): Promise<void> {
  const jobs = deliveries.map(({ jobId, dispatchNo, type, scope }) =>
    queue.createJob<unknown>({ type, scope }).setId(`${jobId}.${dispatchNo}`),
  );
  let failures = await queue.saveAll(jobs);
  if ([...failures.values()].some(({ message }) => message.startsWith('NOSCRIPT'))) {
    await loadScripts(commands);
    failures = await queue.saveAll([...failures.keys()]);
  }
  for (const cause of failures.values()) {
    throw new Error(`${failures.size} of ${jobs.length} deliveries were not pushed`, { cause });
  }
}

/** A server may forget scripts while connections stay (`SCRIPT FLUSH`); opening any bee-queue loads them. */
async function loadScripts(commands: RedisClient): Promise<void> {
  const loader = new Queue('scripts', { redis: commands, isWorker: false, getEvents: false, sendEvents: false });
  loader.on('error', () => undefined);
  await loader.ready();
  await loader.close(1);
}

function parseDelivery(priority: JobPriority, id: string, data: unknown): Delivery {
  const dot = id.lastIndexOf('.');
  const dispatchNo = Number(id.slice(dot + 1));
  if (dot < 1 || !Number.isSafeInteger(dispatchNo)) {
    throw new TypeError(`${id} is not the id of a delivery`);
  }
  return { jobId: id.slice(0, dot), dispatchNo, priority, ...deliveryDataSchema.parse(data) };
}

/** A slow consumer that finishes while its delivery waits anew leaves an id without data, handed round for ever. */
async function removeOrphan(queue: Queue<unknown>, id: string): Promise<void> {
  const job: unknown = await queue.getJob(id);
  if (job === null) {
    await queue.removeJob(id);
  }
}
