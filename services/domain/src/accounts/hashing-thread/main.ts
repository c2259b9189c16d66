/** What runs in the thread that hashes passwords, one after another. */
import { readlinkSync } from 'node:fs';
import os from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import type { HashingAnswer, HashingTask } from './messages.ts';

/** By how much others come first: who signs in waits for a hash anyway, everybody else should not. */
const niceness = 10;
const leastPriority = 19;

/** On Linux a thread has a priority of its own; elsewhere hashing is as important as everything else. */
function giveWay(): void {
  if (process.platform !== 'linux') {
    return;
  }
  try {
    // like 1234/task/1240
    const threadId = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    os.setPriority(threadId, Math.min(leastPriority, os.getPriority(threadId) + niceness));
  } catch {
    // a sandbox may hide /proc or forbid it: slower for others, but not wrong
  }
}

function answer(task: HashingTask): HashingAnswer {
  const { id, password } = task;
  try {
    const result = task.kind === 'hash' ? hashSync(password, task.cost) : verifySync(task.encoded, password);
    return { id, result };
  } catch (error) {
    return { id, error };
  }
}

giveWay();
parentPort?.on('message', (task: HashingTask) => parentPort?.postMessage(answer(task)));
