import { describe, expect, it } from 'vitest';
import { createBatcher } from './batcher.ts';

function setUp(maxItems = 10, isOfItem: (error: unknown) => boolean = () => false) {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  const batcher = createBatcher<number, string>({
    async run(items) {
      batches.push([...items]);
      await new Promise<void>((resolve) => gates.push(resolve));
      if (items.includes(13)) {
        throw new Error('unlucky');
      }
      return items.map((item) => `result ${item}`);
    },
    maxItems,
    isOfItem,
  });
  async function next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    gates.shift()?.();
  }
  return { batcher, batches, next };
}

describe('a batcher', () => {
  it('takes together what comes in one turn, and what comes while that is under way', async () => {
    const { batcher, batches, next } = setUp();
    const first = [batcher.add(1), batcher.add(2)];
    await new Promise((resolve) => setImmediate(resolve));
    const second = [batcher.add(3), batcher.add(4)];
    expect(batcher.size).toBe(4);
    await next();
    expect(await Promise.all(first)).toEqual(['result 1', 'result 2']);
    await next();
    expect(await Promise.all(second)).toEqual(['result 3', 'result 4']);
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('never takes more than so many', async () => {
    const { batcher, batches, next } = setUp(2);
    const all = [1, 2, 3].map((item) => batcher.add(item));
    await next();
    await next();
    await Promise.all(all);
    expect(batches).toEqual([[1, 2], [3]]);
  });

  it('fails those of a batch that fails, and goes on', async () => {
    const { batcher, next } = setUp();
    const unlucky = batcher.add(13).catch((error: unknown) => String(error));
    await next();
    expect(await unlucky).toBe('Error: unlucky');
    const lucky = batcher.add(1);
    await next();
    expect(await lucky).toBe('result 1');
  });

  it('fails one item alone when its error may be of that one only', async () => {
    const { batcher, batches, next } = setUp(10, (error) => String(error).includes('unlucky'));
    const all = [1, 13, 2, 3].map((item) => batcher.add(item).catch((error: unknown) => String(error)));
    for (let turn = 0; turn < 5; turn += 1) {
      await next();
    }
    expect(await Promise.all(all)).toEqual(['result 1', 'Error: unlucky', 'result 2', 'result 3']);
    expect(batches).toEqual([[1, 13, 2, 3], [1, 13], [1], [13], [2, 3]]);
  });

  it('is drained when nothing is left', async () => {
    const { batcher, next } = setUp();
    await batcher.drained();
    const added = batcher.add(1);
    const drained = batcher.drained();
    await next();
    await drained;
    expect(batcher.size).toBe(0);
    expect(await added).toBe('result 1');
  });
});
