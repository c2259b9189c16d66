import type { Database, Executor } from '@taskflow/db';
import type { Clock } from '@taskflow/resilience';
import type { Breakers } from '../breakers/breakers.ts';
import type { JobType } from '../job-type.ts';
import type { TransportSwitch } from '../transport/transport-switch.ts';
import type { Delivery } from '../transport/transport.ts';
import {
  countInFlight,
  countQueued,
  type DispatchedRow,
  dispatchJobs,
  type LaneRequest,
  noneByPriority,
  promoteDueJobs,
  readTypeDecisions,
  returnDeliveries,
  returnQueued,
  surveyLanes,
  tryLockType,
  type TypeDecision,
} from './dispatch-queries.ts';
import type { OnEngineEvent } from './engine-events.ts';
import { createLanes, type OpenType } from './lanes.ts';
import type { Outstanding } from './outstanding.ts';
import { createPacer } from './pacer.ts';
import type { ResolvedSettings } from './settings.ts';

/** What a dispatcher works with. */
export interface DispatcherOptions {
  readonly database: Database;
  readonly types: readonly JobType[];
  readonly breakers: Breakers;
  readonly transports: TransportSwitch;
  readonly outstanding: Outstanding;
  /** Handlers of this worker that are busy. */
  readonly busy: () => number;
  readonly worker: string;
  readonly settings: ResolvedSettings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onEvent: OnEngineEvent;
}

/** Moves jobs that may run from PostgreSQL to the transport. */
export interface Dispatcher {
  start(): void;
  /** There may be something to do. Cheap; calls in quick succession become one. */
  wake(): void;
  /** A delivery was claimed, or a handler ended. Cheap. */
  taken(): void;
  /** A job of a type with a limit ended. */
  ended(type: string): void;
  /** A job becomes due in so long. */
  wakeIn(delayMs: number): void;
  /** Resolves when nothing is under way any more and what nobody has claimed was given back. */
  stop(): Promise<void>;
  /** When the last round that reached PostgreSQL ended, in the clock's time. */
  readonly lastRoundMs: number;
}

const promotedAtOnce = 500;
const lanesAtOnce = 256;

/** Creates a dispatcher that does nothing until it is started. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { database, types, breakers, transports, outstanding, worker, settings, clock, onEvent } = options;
  const { pollIntervalMs, concurrency } = settings;
  const typesByName = new Map(types.map((type) => [type.name, type]));
  const lanes = createLanes();
  const stopped = new AbortController();
  const surveyPace = createPacer({ leastMs: 25, factor: 20 });
  const resetPace = createPacer({ leastMs: pollIntervalMs, factor: 50 });
  const decisionPace = createPacer({ leastMs: pollIntervalMs, factor: 0 });
  let decisions = new Map<string, TypeDecision>();
  /** Where the next survey begins, when the last one did not get to the end. */
  let surveyFrom = new Map<string, string>();
  let awake: (() => void) | undefined;
  let isWoken = false;
  /** The last round left something behind for want of room. */
  let isHungry = false;
  /** Types found at their limit; looked at again when one of theirs ends here, and with each poll. */
  const atLimit = new Set<string>();
  let nextDueMs = Infinity;
  let lastRoundMs = -Infinity;
  let totalAtLastPoll = 0;
  let isFullSinceLastPoll = false;
  let loop = Promise.resolve();

  function openTypes(limited: boolean): OpenType[] {
    return types.flatMap(({ name, priority, concurrency: limit }) => {
      const decision = decisions.get(name);
      const isOpen = decision?.isPaused !== true && (limit !== undefined) === limited;
      return isOpen ? [{ type: name, priority: decision?.priority ?? priority }] : [];
    });
  }

  function outstandingLimit(): number {
    // what is pushed to this process alone must not wait behind its own long jobs while other workers are idle
    return transports.current().name === 'direct' ? Math.max(0, concurrency - options.busy()) : concurrency * 2;
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

  async function pushAll(deliveries: readonly Delivery[]): Promise<void> {
    try {
      const name = await transports.push(deliveries);
      onEvent({ kind: 'dispatched', count: deliveries.length, transport: name });
    } catch (error) {
      onEvent({ kind: 'fault', where: 'push', error });
      for (const { priority } of deliveries) {
        outstanding.claimed(priority);
      }
      await returnDeliveries(database, deliveries);
      lanes.resetPositions();
      isWoken = true;
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
    surveyFrom = isCut ? new Map(heads.map(({ type, lane }) => [type, lane])) : new Map();
    const nowMs = clock.now();
    surveyPace.did(nowMs, nowMs - startedMs);
    return lanes.found(heads, nowMs);
  }

  async function promote(): Promise<void> {
    const { promoted, nextDueInMs } = await promoteDueJobs(database, promotedAtOnce);
    nextDueMs = promoted === promotedAtOnce ? clock.now() : clock.now() + (nextDueInMs ?? Infinity);
    if (promoted > 0) {
      await survey();
    }
  }

  async function readDecisions(): Promise<void> {
    decisions = new Map((await readTypeDecisions(database)).map((decision) => [decision.type, decision]));
    decisionPace.did(clock.now(), 0);
  }

  async function dispatchAll(): Promise<boolean> {
    let mayBeMore = await dispatchUnlimited();
    for (const open of openTypes(true)) {
      mayBeMore = (await dispatchLimited(open)) || mayBeMore;
    }
    return mayBeMore;
  }

  /** Nothing was claimed for a whole poll although much is with the transport: others may have taken it, or it is lost. */
  async function correctOutstanding(): Promise<void> {
    if (isFullSinceLastPoll && outstanding.total >= totalAtLastPoll && outstanding.total > 0) {
      outstanding.correct(await countQueued(database, worker));
    }
    isFullSinceLastPoll = outstanding.total >= Math.max(1, outstandingLimit() / 2);
    totalAtLastPoll = outstanding.total;
  }

  async function round(isPoll: boolean): Promise<void> {
    if (transports.refresh()) {
      await returnQueued(database, worker);
      outstanding.correct(noneByPriority());
      lanes.resetPositions();
    }
    if (decisionPace.isDue(clock.now())) {
      await readDecisions();
    }
    if (isPoll) {
      atLimit.clear();
      await correctOutstanding();
    }
    if (isPoll || clock.now() >= nextDueMs) {
      await promote();
    }
    if (!hasRoom()) {
      isHungry = true;
      lastRoundMs = clock.now();
      return;
    }
    let mayBeMore = await dispatchAll();
    if (surveyPace.isDue(clock.now()) && hasRoom()) {
      const isNews = await survey();
      mayBeMore = (isNews && (await dispatchAll())) || mayBeMore;
    } else if (!isPoll) {
      // somebody called; where from is looked up as soon as that may be done again
      nextSurveyMs = Math.min(nextSurveyMs, clock.now() + 25);
    }
    lastRoundMs = clock.now();
    isHungry = mayBeMore || !hasRoom();
    isWoken ||= mayBeMore && hasRoom();
  }

  let nextSurveyMs = Infinity;

  async function sleep(delayMs: number): Promise<void> {
    if (isWoken || stopped.signal.aborted) {
      return;
    }
    const woken = new AbortController();
    awake = () => woken.abort();
    await clock.sleep(delayMs, woken.signal).catch(() => undefined);
    awake = undefined;
  }

  async function run(): Promise<void> {
    let nextPollMs = clock.now();
    while (!stopped.signal.aborted) {
      const isPoll = clock.now() >= nextPollMs;
      isWoken = false;
      nextSurveyMs = Infinity;
      try {
        await round(isPoll);
      } catch (error) {
        onEvent({ kind: 'fault', where: 'dispatch', error });
        isWoken = false;
        await sleep(pollIntervalMs / 4);
      }
      if (isPoll) {
        nextPollMs = clock.now() + pollIntervalMs * (0.9 + options.random() / 5);
      }
      await sleep(Math.max(1, Math.min(nextPollMs, nextDueMs, nextSurveyMs) - clock.now()));
    }
  }

  function wake(): void {
    isWoken = true;
    awake?.();
  }

  return {
    get lastRoundMs() {
      return lastRoundMs;
    },
    start() {
      loop = run();
    },
    wake,
    taken() {
      if (isHungry && hasRoom()) {
        isHungry = false;
        wake();
      }
    },
    ended(type) {
      if (atLimit.delete(type)) {
        wake();
      }
    },
    wakeIn(delayMs) {
      const dueMs = clock.now() + delayMs;
      if (dueMs < nextDueMs) {
        nextDueMs = dueMs;
        awake?.();
      }
    },
    async stop() {
      stopped.abort();
      awake?.();
      await loop;
      await returnQueued(database, worker);
    },
  };
}
