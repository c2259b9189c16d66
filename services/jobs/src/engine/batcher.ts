/** Runs items together: those that come while one batch is under way make up the next. */
export interface Batcher<Item, Result> {
  /** Resolves with the item's own result. Rejects with its own error, or with one that its whole batch met. */
  add(item: Item): Promise<Result>;
  /** Items that have no result yet. */
  readonly size: number;
  /** Resolves when there are none. Never rejects. */
  drained(): Promise<void>;
}

interface Entry<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One statement for many rows, without waiting for company: an item that comes alone goes alone.
 *
 * @param options.run answers one result an item, in their order
 * @param options.isOfItem whether an error may be about one item: then the halves of the batch go by themselves, until
 *   that item fails alone. @default never
 */
export function createBatcher<Item, Result>(options: {
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly maxItems: number;
  readonly isOfItem?: (error: unknown) => boolean;
}): Batcher<Item, Result> {
  const { run, maxItems, isOfItem = () => false } = options;
  let waiting: Entry<Item, Result>[] = [];
  let underWay = 0;
  let isScheduled = false;
  let onDrained: (() => void)[] = [];

  async function runBatch(batch: readonly Entry<Item, Result>[]): Promise<void> {
    try {
      const results = await run(batch.map(({ item }) => item));
      for (const [index, result] of results.entries()) {
        batch[index]?.resolve(result);
      }
    } catch (error) {
      if (batch.length > 1 && isOfItem(error)) {
        const half = Math.ceil(batch.length / 2);
        await runBatch(batch.slice(0, half));
        await runBatch(batch.slice(half));
        return;
      }
      for (const { reject } of batch) {
        reject(error);
      }
    }
  }

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxItems);
      waiting = waiting.slice(maxItems);
      underWay = batch.length;
      await runBatch(batch);
      underWay = 0;
    }
    isScheduled = false;
    for (const resolve of onDrained) {
      resolve();
    }
    onDrained = [];
  }

  return {
    get size() {
      return waiting.length + underWay;
    },
    add(item) {
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      waiting.push({ item, resolve, reject });
      if (!isScheduled) {
        isScheduled = true;
        // what the same turn of the event loop brings along goes with it
        setImmediate(() => void flush());
      }
      return promise;
    },
    drained() {
      if (!isScheduled) {
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        onDrained.push(resolve);
      });
    },
  };
}
