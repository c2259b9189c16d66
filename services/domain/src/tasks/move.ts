import { type Executor, maybeOne, sql } from '@taskflow/db';
import { invalid } from '../core/errors.ts';
import { appendedRank, longestRank, rankBetween } from './rank.ts';
import { lockCounter, type TaskRow } from './repository.ts';

/** Where a task shall go: right behind `afterId`, else right before `beforeId`, else to the end. */
export interface Place {
  readonly afterId?: string | null | undefined;
  readonly beforeId?: string | null | undefined;
}

/** A rank, and whether every task of the project got a fresh one on the way. */
export interface NewRank {
  readonly rank: string;
  readonly isSpread: boolean;
}

/**
 * A rank for the task at its new place. Ranks of a project are given one at a time (its counter's row is locked until
 * the end of the transaction), so two moves into the same gap never get the same one.
 *
 * @throws DomainError `invalid` when a neighbour is no task of the project
 */
export async function rankAt(executor: Executor, task: TaskRow, place: Place): Promise<NewRank> {
  const lastNumber = await lockCounter(executor, task.project_id);
  const rank = await between(executor, task, place, lastNumber);
  if (rank.length <= longestRank) {
    return { rank, isSpread: false };
  }
  await spreadRanks(executor, task.project_id);
  return { rank: await between(executor, task, place, lastNumber), isSpread: true };
}

async function between(executor: Executor, task: TaskRow, place: Place, lastNumber: number): Promise<string> {
  const neighbour = async (order: 'before' | 'after', rank: string | undefined) => {
    const others = sql`
      from tasks where project_id = ${task.project_id} and deleted_at is null and id <> ${task.id}`;
    const row = await maybeOne<{ rank: string }>(
      executor,
      order === 'after'
        ? sql`select rank ${others} and rank > ${rank ?? ''} order by rank limit 1`
        : sql`select rank ${others} and (${rank ?? null}::text is null or rank < ${rank ?? null})
            order by rank desc limit 1`,
    );
    return row?.rank;
  };
  const lower = place.afterId == null ? undefined : await rankOf(executor, task, place.afterId, 'afterId');
  const upper = place.beforeId == null ? undefined : await rankOf(executor, task, place.beforeId, 'beforeId');
  if (lower !== undefined) {
    return rankBetween(lower, await neighbour('after', lower));
  }
  if (upper !== undefined) {
    return rankBetween(await neighbour('before', upper), upper);
  }
  return rankBetween(await neighbour('before', undefined), appendedRank(lastNumber + 1));
}

async function rankOf(executor: Executor, task: TaskRow, id: string, field: string): Promise<string> {
  const row = await maybeOne<{ rank: string }>(
    executor,
    sql`select rank from tasks where id = ${id} and project_id = ${task.project_id} and deleted_at is null`,
  );
  if (row === undefined || id === task.id) {
    throw invalid(field, 'is no other task of this project');
  }
  return row.rank;
}

/** Gives every task of a project a short rank again, in the same order. */
async function spreadRanks(executor: Executor, projectId: string): Promise<void> {
  await executor.query(sql`
    with spread as (
      select id, row_number() over (order by rank, id) as place from tasks where project_id = ${projectId}
    )
    update tasks t set rank = 'n' || lpad(to_hex(spread.place), 8, '0') || 'V', version = t.version + 1
    from spread where t.id = spread.id`);
}
