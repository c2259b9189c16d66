import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { startOf } from './process-start.ts';

const processSchema = z.object({
  pid: z.int().positive(),
  /** When it began, in the system's own words: a number used again by another process has another one. */
  startedAt: z.string(),
});
const lockSchema = z.object({
  owner: processSchema,
  /** Process groups that were alive when this was written. */
  groups: z.array(processSchema),
  /** For people: where the running one is to be found. */
  description: z.string(),
});
type LockContent = z.infer<typeof lockSchema>;
type ProcessIdentity = z.infer<typeof processSchema>;

/** Another live process holds the lock. */
export class AlreadyRunningError extends Error {
  readonly pid: number;
  readonly description: string;

  constructor(pid: number, description: string) {
    super(`Already running as process ${pid}${description === '' ? '' : ` (${description})`}.`);
    this.name = 'AlreadyRunningError';
    this.pid = pid;
    this.description = description;
  }
}

/** The right to use a data directory. */
export interface InstanceLock {
  /** Tells others what runs here. */
  describe(description: string): Promise<void>;
  /** Notes a process group that has to end before the next owner may begin. */
  addGroup(pid: number): Promise<void>;
  removeGroup(pid: number): void;
  release(): Promise<void>;
}

/** How long what a killed owner left behind may take. */
export interface LeftoverGrace {
  /** Until its guardian counts as killed as well. @default 5000 */
  readonly guardianMs: number;
  /** After SIGTERM. @default 10000 */
  readonly stopMs: number;
}

const DEFAULT_GRACE: LeftoverGrace = { guardianMs: 5_000, stopMs: 10_000 };

/**
 * Takes the lock. When its last owner was killed, this first waits until everything it had started is gone and ends
 * what does not go by itself, so that two owners' processes never meet.
 *
 * @throws AlreadyRunningError while the owner is alive
 */
export async function acquireLock(
  file: string,
  log: (message: string) => void,
  grace: LeftoverGrace = DEFAULT_GRACE,
): Promise<InstanceLock> {
  await mkdir(path.dirname(file), { recursive: true });
  const owner = { pid: process.pid, startedAt: (await startOf(process.pid)) ?? '' };
  const content: LockContent = { owner, groups: [], description: '' };
  while (!(await tryCreate(file, content))) {
    const former = await readLock(file);
    if (former !== undefined && (await isSame(former.owner))) {
      throw new AlreadyRunningError(former.owner.pid, former.description);
    }
    // Whoever succeeds in moving the stale lock away cleans up; the others find it gone and try again.
    const stale = `${file}.stale-${process.pid}`;
    const mine = await rename(file, stale).then(
      () => true,
      () => false,
    );
    if (mine) {
      await rm(stale, { force: true });
      if (former !== undefined) {
        log('The last run was killed; ending what it left behind');
        await endLeftovers(former.groups, grace);
      }
    }
  }
  let last: Promise<unknown> = Promise.resolve();
  const groups = new Map<number, ProcessIdentity>();
  const save = (): Promise<unknown> => {
    last = last.then(() => replaceFile(file, { ...content, groups: [...groups.values()] })).catch(() => undefined);
    return last;
  };
  return {
    describe: async (description) => {
      content.description = description;
      await save();
    },
    addGroup: async (pid) => {
      const startedAt = await startOf(pid);
      if (startedAt !== undefined) {
        groups.set(pid, { pid, startedAt });
        await save();
      }
    },
    removeGroup: (pid) => {
      if (groups.delete(pid)) {
        void save();
      }
    },
    release: async () => {
      await last;
      await rm(file, { force: true });
    },
  };
}

async function tryCreate(file: string, content: LockContent): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(content), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

async function replaceFile(file: string, content: LockContent): Promise<void> {
  const next = `${file}.next`;
  await writeFile(next, JSON.stringify(content), { mode: 0o600 });
  await rename(next, file);
}

async function readLock(file: string): Promise<LockContent | undefined> {
  // A creator is between "open" and "write" for less than a blink; an empty lock older than this is a torn one.
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      return lockSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch {
      await delay(25);
    }
  }
  return undefined;
}

/** Ends process groups in three steps: by the guardian of the killed run, by SIGTERM, by SIGKILL. */
async function endLeftovers(groups: readonly ProcessIdentity[], grace: LeftoverGrace): Promise<void> {
  let alive = await waitUntilGone(groups, grace.guardianMs);
  alive.forEach(({ pid }) => signalGroup(pid, 'SIGTERM'));
  alive = await waitUntilGone(alive, grace.stopMs);
  alive.forEach(({ pid }) => signalGroup(pid, 'SIGKILL'));
  await waitUntilGone(alive, grace.stopMs);
}

/** Waits for process groups to end; answers those that have not. */
async function waitUntilGone(groups: readonly ProcessIdentity[], timeoutMs: number): Promise<ProcessIdentity[]> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const checked = await Promise.all(groups.map(async (group) => ({ group, alive: await isSame(group) })));
    const alive = checked.filter((entry) => entry.alive).map((entry) => entry.group);
    if (alive.length === 0 || Date.now() > deadline) {
      return alive;
    }
    await delay(50);
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone in the meantime.
  }
}

async function isSame(identity: ProcessIdentity): Promise<boolean> {
  return (await startOf(identity.pid)) === identity.startedAt;
}
