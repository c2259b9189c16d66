import type { Executor } from '@taskflow/db';
import { describe, expect, it, vi } from 'vitest';
import { newScope, quietLogger } from './testing/breaker-world.ts';
import { createTransitionLog } from './transition-log.ts';

const transition = {
  code: 'HTTP_503',
  from: 'closed',
  to: 'open',
  cause: 'reset',
  failures: 1,
  cooldownMs: 1,
} as const;

/** A database that answers as it is told to, and remembers how many rows it took. */
function createExecutor() {
  const taken: number[] = [];
  let isAway = true;
  const executor: Executor = {
    query(statement) {
      if (isAway) {
        return Promise.reject(new Error('away'));
      }
      const [keys] = statement.values;
      taken.push(Array.isArray(keys) ? keys.length : 0);
      return Promise.resolve([]);
    },
  };
  return {
    executor,
    taken,
    comeBack: () => {
      isAway = false;
    },
  };
}

describe('a transition that PostgreSQL does not take', () => {
  it('is written when it can be, by itself', async () => {
    const { executor, taken, comeBack } = createExecutor();
    const log = createTransitionLog({ executor, logger: quietLogger, now: () => 0 });
    log.record([{ ...transition, scope: newScope() }]);
    log.record([{ ...transition, scope: newScope() }]);
    await log.flush();
    expect(taken).toEqual([]);
    comeBack();
    await vi.waitFor(() => expect(taken).toEqual([2]), { timeout: 5_000 });
    await log.close();
  });

  it('does not fill the memory', async () => {
    const { executor, taken, comeBack } = createExecutor();
    const log = createTransitionLog({ executor, logger: quietLogger, now: () => 0 });
    log.record(Array.from({ length: 3_000 }, () => ({ ...transition, scope: newScope() })));
    await log.flush();
    comeBack();
    await log.close();
    expect(taken).toEqual([1_000]);
  });
});
