import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { Worker } from 'node:worker_threads';
import { hash as hashInPool } from '@node-rs/argon2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHashingThread, type HashingThread } from './hashing-thread.ts';

const cost = { memoryCost: 1_024, timeCost: 1, parallelism: 1 };
/** Takes so long that something can happen meanwhile. */
const slowCost = { memoryCost: 65_536, timeCost: 10, parallelism: 1 };

/** Niceness of the threads of this process. */
const priorities = (): number[] =>
  readdirSync('/proc/self/task').map((id) => {
    const afterName = readFileSync(`/proc/self/task/${id}/stat`, 'utf8').split(') ').at(-1) ?? '';
    return Number(afterName.split(' ')[16]);
  });

const rejection = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

describe('createHashingThread', () => {
  let started: Worker[];
  let thread: HashingThread;

  beforeEach(() => {
    started = [];
    thread = createHashingThread(() => {
      const worker = new Worker(new URL('./main.ts', import.meta.url));
      started.push(worker);
      return worker;
    });
  });

  afterEach(() => thread.close());

  it('starts when it is needed and answers each question its own', async () => {
    expect(started).toHaveLength(0);
    const encoded = await thread.hash('right', cost);
    const answers = await Promise.all(['right', 'wrong', 'right'].map((password) => thread.verify(encoded, password)));
    expect(answers).toEqual([true, false, true]);
    expect(started).toHaveLength(1);
  });

  it('recognises hashes that were made elsewhere', async () => {
    expect(await thread.verify(await hashInPool('right', cost), 'right')).toBe(true);
  });

  it('tells an error to who asked, and goes on', async () => {
    expect(await rejection(thread.verify('no hash', 'right'))).toBeInstanceOf(Error);
    expect(await thread.verify(await thread.hash('right', cost), 'right')).toBe(true);
    expect(started).toHaveLength(1);
  });

  it('starts another when it dies, and fails what it was asked', async () => {
    const encoded = await thread.hash('right', cost);
    const lost = rejection(thread.hash('right', slowCost));
    await started[0]?.terminate();
    expect(await lost).toMatchObject({ message: 'the thread that hashes passwords has ended' });
    expect(await thread.verify(encoded, 'right')).toBe(true);
    expect(started).toHaveLength(2);
  });

  it('starts another when it could not load', async () => {
    const broken = createHashingThread(() => new Worker('throw new Error("no library")', { eval: true }));
    expect(await rejection(broken.hash('right', cost))).toMatchObject({ cause: { message: 'no library' } });
    expect(await rejection(broken.hash('right', cost))).toMatchObject({ cause: { message: 'no library' } });
  });

  it('ends when closed, whatever it does', async () => {
    const lost = rejection(thread.hash('right', slowCost));
    await thread.close();
    expect(started[0]?.threadId).toBe(-1);
    expect(await lost).toBeInstanceOf(Error);
    await expect(thread.hash('right', cost)).rejects.toThrow('was closed');
    expect(started).toHaveLength(1);
  });

  it.runIf(process.platform === 'linux')('gives way to other threads', async () => {
    await thread.hash('right', cost);
    const lowered = Math.min(19, os.getPriority() + 10);
    expect(priorities().filter((priority) => priority === lowered)).toHaveLength(1);
  });
});
