import { createBeeQueueTransport } from '../bee-queue-transport.ts';
import { newDeliveries } from './deliveries.ts';

// A consumer for tests to kill: takes five deliveries of its own, prints their jobs and never ends one.
const [redisUrl = '', prefix = '', stallIntervalMs] = process.argv.slice(2);
const transport = createBeeQueueTransport({
  redisUrl,
  prefix,
  stallIntervalMs: Number(stallIntervalMs),
  onError: (error) => process.stderr.write(`${error.message}\n`),
  onWarning: () => undefined,
});
await transport.start((delivery) => {
  process.stdout.write(`${delivery.jobId}\n`);
  return new Promise(() => undefined);
}, 10);
await transport.push(newDeliveries(5));
