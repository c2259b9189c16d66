import type { Database, Executor } from '@taskflow/db';
import type { Clock } from '@taskflow/resilience';
import type { Breakers } from '../breakers/breakers.ts';
import type { JobType } from '../job-type.ts';
import type { TransportSwitch } from '../transport/transport-switch.ts';
import type { Delivery } from '../transport/transport.ts';
import {
  countInFlight,
  type DispatchedRow,
  dispatchJobs,
  type LaneRequest,
  readTypeDecisions,
  returnDeliveries,
  surveyLanes,
  tryLockType,
  type TypeDecision,
} from './dispatch-queries.ts';
import type { OnEngineEvent } from './engine-events.ts';
import { createDepth } from './depth.ts';
import { createLanes, type OpenType } from './lanes.ts';
import type { Outstanding } from './outstanding.ts';
import { createPacer } from './pacer.ts';
import type { ResolvedSettings } from './settings.ts';
import type { Tempo } from './tempo.ts';

/** What dispatching works with. */
export interface LaneDispatchOptions {
  readonly database: Database;
  readonly types: readonly JobType[];
  readonly breakers: Breakers;
  readonly transports: TransportSwitch;
  readonly tempo: Pick<Tempo, 'workMs'>;
  readonly outstanding: Outstanding;
  /** Handlers of this worker that are busy. */
  readonly busy: () => number;
  readonly worker: string;
  readonly settings: ResolvedSettings;
  readonly clock: Clock;
  readonly onEvent: OnEngineEvent;
}

/** Moves jobs from their lanes to the transport, as far as there is room. */
export interface LaneDispatch {
  /** Whether enough room is free to make a batch. */
  hasRoom(): boolean;
  /** How many jobs may be with the transport. */
  outstandingLimit(): number;
  /** Takes from the lanes that are known. @returns whether more may wait there */
  dispatch(): Promise<boolean>;
  /** Looks where something waits. @returns whether that is news */
  survey(): Promise<boolean>;
  /** When the next survey may be made without taking more than its part of the time. */
  readonly nextSurveyMs: number;
  /** Looks from the beginning of each lane again. */
  resetPositions(): void;
  /** Reads what operators decided about types. */
  readDecisions(): Promise<void>;
  /** Forgets that types were found at their limit, or that one was. @returns whether it had been */
  forgetLimits(type?: string): boolean;
}

const lanesAtOnce = 256;

/** Begins without knowing any lane. */
export function createLaneDispatch(options: LaneDispatchOptions): LaneDispatch {
  const { database, types, breakers, transports, tempo, outstanding, worker, settings, clock, onEvent } = options;
  const typesByName = new Map(types.map((type) => [type.name, type]));
  const lanes = createLanes();
  const surveyPace = createPacer({ leastMs: 25, factor: 20, mostMs: settings.pollIntervalMs });
  const depth = createDepth({ outstanding, concurrency: settings.concurrency, clock });
  const resetPace = createPacer({ leastMs: settings.pollIntervalMs, factor: 50 });
  let decisions = new Map<string, TypeDecision>();
  /** Where the next survey begins, when the last one did not get to the end. */
  let surveyFrom = new Map<string, string>();
  /** Types found at their limit; not asked for again before one of theirs ends here, or the next poll. */
  const atLimit = new Set<string>();
  let turn = 0;

  function openTypes(limited: boolean): OpenType[] {
    return types.flatMap(({ name, priority, concurrency: limit }) => {
      const decision = decisions.get(name);
      const isOpen = decision?.isPaused !== true && (limit !== undefined) === limited;
      return isOpen ? [{ type: name, priority: decision?.priority ?? priority }] : [];
    });
  }

  function outstandingLimit(): number {
    // what is pushed to this process alone must not wait behind its own long jobs while other workers are idle
    return transports.current().name === 'direct'
      ? Math.max(0, settings.concurrency - options.busy())
      : settings.concurrency * depth();
  }

  /** Half of it must be free, so that jobs go in batches. */
  function hasRoom(): boolean {
    const limit = outstandingLimit();
    return limit > 0 && outstanding.total <= limit / 2;
  }

  async function push(rows: readonly DispatchedRow[], requests: readonly LaneRequest[]): Promise<void> {
    const priorities = new Map(requests.map(({ type, priority }) => [type, priority]));
    const deliveries: Delivery[] = [];
    for (const { jobId, dispatchNo, type, scope, state } of rows) {
      const priority = priorities.get(type) ?? 'default';
      if (state === 'queued') {
        deliveries.push({ jobId, dispatchNo, type, scope, priority });
        outstanding.pushed(priority, 1);
      } else {
        onEvent({ kind: 'held', type, state });
      }
    }
    if (deliveries.length > 0) {
      await pushAll(deliveries);
    }
  }

  /** What may not have arrived is taken back and goes out with a later round. */
  async function pushAll(deliveries: readonly Delivery[]): Promise<void> {
    try {
      const name = await transports.push(deliveries, tempo.workMs);
      onEvent({ kind: 'dispatched', count: deliveries.length, transport: name });
    } catch (error) {
      onEvent({ kind: 'fault', where: 'push', error });
      for (const { priority } of deliveries) {
        outstanding.claimed(priority);
      }
      await returnDeliveries(database, deliveries);
      lanes.resetPositions();
    }
  }

  async function take(executor: Executor, requests: readonly LaneRequest[]): Promise<DispatchedRow[]> {
    const names = new Set(requests.map(({ type }) => type));
    const gates = breakers.gates().filter(({ scopeKey: key }) => names.has(key.slice(0, key.indexOf('@'))));
    return dispatchJobs(executor, requests, { worker, gates });
  }

  /** @returns whether more may wait */
  async function dispatchUnlimited(): Promise<boolean> {
    const requests = lanes.plan(openTypes(false), outstanding.room(outstandingLimit()));
    if (requests.length === 0) {
      return false;
    }
    const startedMs = clock.now();
    const isReset = resetPace.isDue(startedMs);
    if (isReset) {
      lanes.resetPositions();
    }
    const asked = isReset ? requests.map((request) => ({ ...request, from: undefined })) : requests;
    const rows = await take(database, asked);
    const nowMs = clock.now();
    if (isReset) {
      resetPace.did(nowMs, nowMs - startedMs);
    }
    const mayBeMore = lanes.took(asked, rows, nowMs);
    await push(rows, asked);
    return mayBeMore;
  }

  /** A type with a limit is dispatched by one worker at a time, which counts what is under way. */
  async function dispatchLimited(open: OpenType): Promise<boolean> {
    const room = outstanding.room(outstandingLimit());
    const limit = typesByName.get(open.type)?.concurrency ?? 0;
    if (atLimit.has(open.type) || lanes.plan([open], room).length === 0) {
      return false;
    }
    const { rows, requests } = await database.transaction(async (tx) => {
      if (!(await tryLockType(tx, open.type))) {
        return { rows: [], requests: [] };
      }
      const free = limit - (await countInFlight(tx, open.type));
      if (free <= 0) {
        atLimit.add(open.type);
      }
      const left = Math.min(room.total, free);
      const planned = left <= 0 ? [] : lanes.plan([open], { total: left, of: room.of });
      return { requests: planned, rows: planned.length === 0 ? [] : await take(tx, planned) };
    });
    const mayBeMore = lanes.took(requests, rows, clock.now());
    await push(rows, requests);
    return mayBeMore && rows.length > 0;
  }

  async function survey(): Promise<boolean> {
    const startedMs = clock.now();
    const asked = [...openTypes(false), ...openTypes(true)].map(({ type }) => ({
      type,
      fromLane: surveyFrom.get(type),
    }));
    const heads = await surveyLanes(database, asked, lanesAtOnce);
    const isCut = heads.length === lanesAtOnce;
    surveyFrom = new Map(isCut ? heads.map(({ type, lane }) => [type, lane]) : []);
    const nowMs = clock.now();
    surveyPace.did(nowMs, nowMs - startedMs);
    return lanes.found(heads, nowMs);
  }

  return {
    hasRoom,
    outstandingLimit,
    survey,
    get nextSurveyMs() {
      return surveyPace.nextMs;
    },
    resetPositions: () => lanes.resetPositions(),
    async dispatch() {
      turn += 1;
      const limited = openTypes(true);
      const start = turn % Math.max(1, limited.length);
      const inTurn = [...limited.slice(start), ...limited.slice(0, start)].map((open) => () => dispatchLimited(open));
      // who goes first finds the most room, so that changes each time
      const steps = turn % 2 === 0 ? [dispatchUnlimited, ...inTurn] : [...inTurn, dispatchUnlimited];
      let mayBeMore = false;
      for (const step of steps) {
        mayBeMore = (await step()) || mayBeMore;
      }
      return mayBeMore;
    },
    async readDecisions() {
      decisions = new Map((await readTypeDecisions(database)).map((decision) => [decision.type, decision]));
    },
    forgetLimits(type) {
      if (type !== undefined) {
        return atLimit.delete(type);
      }
      const hadSome = atLimit.size > 0;
      atLimit.clear();
      return hadSome;
    },
  };
}
