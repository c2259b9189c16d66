import { priorities, type TaskSort } from '@taskflow/contract/tasks';
import { raw, type Sql, sql } from '@taskflow/db';
import { isInstantKey, type Position } from '../core/cursor.ts';
import { isRank } from './rank.ts';

/** An order of tasks: what is compared, its type, and what a cursor may say about it. */
interface Order {
  readonly key: Sql;
  readonly type: Sql;
  readonly isKey: (text: string) => boolean;
}

const instant = sql`timestamptz`;
const dueOrder = (absent: 'infinity' | '-infinity'): Order => ({
  key: raw(`coalesce(t.due_at, '${absent}')`),
  type: instant,
  isKey: (text) => text === absent || isInstantKey(text),
});
const orders = {
  rank: { key: sql`t.rank`, type: sql`text`, isKey: isRank },
  priority: {
    key: sql`t.priority`,
    type: sql`task_priority`,
    isKey: (text) => priorities.some((priority) => priority === text),
  },
  createdAt: { key: sql`t.created_at`, type: instant, isKey: isInstantKey },
  updatedAt: { key: sql`t.updated_at`, type: instant, isKey: isInstantKey },
} satisfies Record<string, Order>;

/** How a list of tasks is sorted: a total order, because the id breaks ties. */
export interface TaskOrder {
  readonly key: Sql;
  readonly orderBy: Sql;
  readonly isKey: (text: string) => boolean;
  /** The condition for what comes behind a position; one row comparison, so an index leads right there. */
  readonly after: (position: Position) => Sql;
}

/** The order that a sort names. Tasks without a due date come last in both directions. */
export function taskOrder(sort: TaskSort): TaskOrder {
  const descends = sort.startsWith('-');
  const { key, type, isKey } = orderOf(sort);
  return {
    key,
    isKey,
    orderBy: descends ? sql`${key} desc, t.id desc` : sql`${key}, t.id`,
    after: (position) =>
      descends
        ? sql`(${key}, t.id) < (${position.key}::${type}, ${position.id}::uuid)`
        : sql`(${key}, t.id) > (${position.key}::${type}, ${position.id}::uuid)`,
  };
}

function orderOf(sort: TaskSort): Order {
  switch (sort) {
    case 'rank':
    case '-rank':
      return orders.rank;
    case 'priority':
    case '-priority':
      return orders.priority;
    case 'createdAt':
    case '-createdAt':
      return orders.createdAt;
    case 'updatedAt':
    case '-updatedAt':
      return orders.updatedAt;
    case 'dueAt':
      return dueOrder('infinity');
    case '-dueAt':
      return dueOrder('-infinity');
  }
}
