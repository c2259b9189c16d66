import type { JobPriority } from '@taskflow/contract/jobs';
import { jobPriorities } from '@taskflow/contract/jobs';
import type { DispatchedRow, LaneHead, LaneRequest, Position } from './dispatch-queries.ts';

/** The jobs of one type for one workspace. */
interface Lane {
  readonly type: string;
  readonly lane: string;
  /** Whether, for all that is known, something waits there. */
  isHot: boolean;
  /** The oldest that may wait there, in PostgreSQL's time. */
  headMs: number;
  from: Position;
  /** What waits may stand before `from`. */
  isReset: boolean;
  lastSeenMs: number;
  /** The plan in which it was last given something. */
  lastTurn: number;
}

/** A type that may be dispatched now. */
export interface OpenType {
  readonly type: string;
  readonly priority: JobPriority;
}

/** How many jobs may be taken, in all and of each priority. */
export interface Room {
  readonly total: number;
  readonly of: Readonly<Record<JobPriority, number>>;
}

/** What is known about who waits, between two looks at the database. */
export interface Lanes {
  /** Shares the room out: urgent before old before the rest, and evenly between the lanes of one priority. */
  plan(types: readonly OpenType[], room: Room): LaneRequest[];
  /** What came of a plan. @returns whether more may wait in one of its lanes */
  took(requests: readonly LaneRequest[], rows: readonly DispatchedRow[], nowMs: number): boolean;
  /** Lanes in which something waits. @returns whether one of them was not known to */
  found(heads: readonly LaneHead[], nowMs: number): boolean;
  /** Looks from the beginning of each lane again, since a transaction may have committed late. */
  resetPositions(): void;
  readonly size: number;
}

/** How much older a job must be to go before one of a higher priority: this is how low priorities age. */
const ageingMs: Readonly<Record<JobPriority, number>> = { critical: 0, default: 60_000, bulk: 5 * 60_000 };

/** Lanes in one statement, and lanes that are remembered. */
const mostRequests = 64;
const mostLanes = 512;

/** How long a lane that is empty is still looked at without being found first. */
const rememberedMs = 60_000;

const keyOf = (type: string, lane: string): string => `${type} ${lane}`;

function isOld(lane: Lane, nowMs: number): boolean {
  return !lane.isHot && nowMs - lane.lastSeenMs > rememberedMs;
}

/** Creates an empty memory. */
export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>();
  let turn = 0;

  function byUrgency(hot: readonly Lane[], priorities: ReadonlyMap<string, JobPriority>): JobPriority[] {
    const dueMs: Record<JobPriority, number> = { critical: Infinity, default: Infinity, bulk: Infinity };
    for (const { type, headMs } of hot) {
      const priority = priorities.get(type) ?? 'default';
      dueMs[priority] = Math.min(dueMs[priority], headMs + ageingMs[priority]);
    }
    return jobPriorities.toSorted((left, right) => dueMs[left] - dueMs[right] || 0);
  }

  function forget(nowMs: number): void {
    for (const [key, lane] of lanes) {
      if (isOld(lane, nowMs) || (lanes.size > mostLanes && !lane.isHot)) {
        lanes.delete(key);
      }
    }
  }

  function share(candidates: readonly Lane[], priority: JobPriority, room: number, requests: LaneRequest[]): number {
    let left = room;
    // who was given something longest ago comes first
    const most = Math.max(0, Math.min(mostRequests - requests.length, room));
    const chosen = candidates.toSorted((a, b) => a.lastTurn - b.lastTurn).slice(0, most);
    for (const [index, chosenLane] of chosen.entries()) {
      const { type, lane } = chosenLane;
      const from = chosenLane.isReset ? undefined : chosenLane.from;
      chosenLane.lastTurn = turn;
      const limit = Math.ceil(left / (chosen.length - index));
      requests.push({ type, lane, priority, from, limit });
      left -= limit;
    }
    return room - left;
  }

  return {
    get size() {
      return lanes.size;
    },
    plan(types, room) {
      const priorities = new Map(types.map(({ type, priority }) => [type, priority]));
      const open = [...lanes.values()].filter(({ type }) => priorities.has(type));
      const hot = open.filter(({ isHot }) => isHot);
      const requests: LaneRequest[] = [];
      turn += 1;
      let total = room.total;
      const left = { ...room.of };
      for (const isHot of [true, false]) {
        for (const priority of byUrgency(hot, priorities)) {
          const candidates = open.filter((lane) => lane.isHot === isHot && priorities.get(lane.type) === priority);
          const taken = share(candidates, priority, Math.min(total, left[priority]), requests);
          left[priority] -= taken;
          total -= taken;
        }
      }
      return requests;
    },
    took(requests, rows, nowMs) {
      const taken = Map.groupBy(rows, ({ type, lane }) => keyOf(type, lane));
      let mayBeMore = false;
      for (const { type, lane: laneId, limit, from } of requests) {
        const lane = lanes.get(keyOf(type, laneId));
        const ofLane = taken.get(keyOf(type, laneId)) ?? [];
        if (lane === undefined) {
          continue;
        }
        lane.isHot = ofLane.length >= limit;
        lane.lastSeenMs = ofLane.length > 0 ? nowMs : lane.lastSeenMs;
        mayBeMore ||= lane.isHot;
        // what was read from the beginning to the end needs no second look, and dead entries may make one slow
        const last = lastOf(ofLane, from === undefined && lane.isHot ? undefined : lane.from);
        if (last !== undefined && last !== lane.from) {
          lane.from = last;
          lane.headMs = Date.parse(`${last.runAt.replace(' ', 'T')}:00`);
        }
        lane.isReset &&= from !== undefined;
      }
      return mayBeMore;
    },
    found(heads, nowMs) {
      let isNews = false;
      for (const { type, lane, runAt, id, runAtMs } of heads) {
        const known = lanes.get(keyOf(type, lane));
        isNews ||= known?.isHot !== true;
        lanes.set(keyOf(type, lane), {
          type,
          lane,
          isHot: true,
          headMs: runAtMs,
          from: { runAt, id },
          isReset: false,
          lastSeenMs: nowMs,
          lastTurn: known?.lastTurn ?? 0,
        });
      }
      forget(nowMs);
      return isNews;
    },
    resetPositions() {
      for (const lane of lanes.values()) {
        lane.isReset = true;
      }
    },
  };
}

/** The last of rows, which come in any order, or `from` when none is after it. */
function lastOf(rows: readonly DispatchedRow[], from: Position | undefined): Position | undefined {
  let last = from;
  for (const { runAt, jobId: id } of rows) {
    if (last === undefined || isAfter({ runAt, id }, last)) {
      last = { runAt, id };
    }
  }
  return last;
}

/** Text of PostgreSQL's times sorts as they do. */
function isAfter(left: Position, right: Position): boolean {
  return left.runAt === right.runAt ? left.id > right.id : left.runAt > right.runAt;
}
