import { setTimeout as delay } from 'node:timers/promises';
import { sql } from '@taskflow/db';
import type { UnitOfWorkRunner } from '@taskflow/domain';
import { type AnyJobHandler, handleJob, type RunningJob } from '@taskflow/jobs';
import { faultHold, faultNews, faultTrouble, faultWrite, type Trouble } from './fault-jobs.ts';

const gatePollMs = 20;

/** How long the event loop is blocked: not by work, so that the other processes keep their share of the machine. */
const blockMs = 10_000;

/** Handlers whose attempts and effects a test can count; the tables are made by `createFaultWorld`. */
export function createFaultHandlers(units: UnitOfWorkRunner, options: { isNewer: boolean }): AnyJobHandler[] {
  const { database } = units;

  /** Outside of every transaction: what a test sees of an attempt whatever comes of it. */
  async function note(n: number, job: RunningJob): Promise<void> {
    await database.query(
      sql`insert into fault_attempts (n, attempt, pid) values (${n}, ${job.attempt}, ${process.pid})`,
    );
  }

  /** @param hold awaited when half of the work is done */
  async function write(n: number, job: RunningJob, hold?: () => Promise<void>): Promise<undefined> {
    await units.run(async (unit) => {
      await unit.query(sql`insert into fault_effects (n, attempt) values (${n}, ${job.attempt})`);
      await hold?.();
      await job.completeIn(unit, { n });
    });
  }

  async function gateOpens(n: number): Promise<void> {
    while ((await database.query(sql`select n from fault_gates where n = ${n}`)).length === 0) {
      await delay(gatePollMs);
    }
  }

  const noteAndWrite = async ({ n }: { n: number }, job: RunningJob): Promise<undefined> => {
    await note(n, job);
    return write(n, job);
  };

  return [
    handleJob(faultWrite, noteAndWrite),
    handleJob(faultHold, async ({ n, holdAttempts }, job) => {
      await note(n, job);
      return write(n, job, () => (job.attempt <= holdAttempts ? gateOpens(n) : Promise.resolve()));
    }),
    handleJob(faultTrouble, async ({ n, trouble }, job) => {
      await note(n, job);
      await makeTrouble[trouble]();
      return write(n, job);
    }),
    ...(options.isNewer ? [handleJob(faultNews, noteAndWrite)] : []),
  ];
}

const makeTrouble: Readonly<Record<Trouble, () => Promise<void> | void>> = {
  throws() {
    // oxlint-disable-next-line typescript/only-throw-error -- that is the trouble
    throw { not: 'an error' };
  },
  hangs: () => new Promise(() => undefined),
  blocks: () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockMs),
  exits() {
    // oxlint-disable-next-line unicorn/no-process-exit -- that is the trouble
    process.exit(3);
  },
  kills: () => {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  },
};
