import { countQueued, noneByPriority, promoteDueJobs, returnQueued } from './dispatch-queries.ts';
import { createLaneDispatch, type LaneDispatchOptions } from './lane-dispatch.ts';
import { createLookout } from './lookout.ts';
import { createPacer } from './pacer.ts';

/** What a dispatcher works with. */
export interface DispatcherOptions extends LaneDispatchOptions {
  /** In [0, 1). */
  readonly random: () => number;
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

/** Where something was found, more comes: after 2, 4, 8 and 16 ms it is looked again, since NOTIFY comes in batches. */
const firstEchoMs = 2;
const lastEchoMs = 16;

/** Creates a dispatcher that does nothing until it is started. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { database, transports, outstanding, worker, settings, clock, onEvent } = options;
  const { pollIntervalMs } = settings;
  const lanes = createLaneDispatch(options);
  const stopped = new AbortController();
  const decisionPace = createPacer({ leastMs: pollIntervalMs, factor: 0 });
  let awake: (() => void) | undefined;
  let isWoken = false;
  /** Looking has found something, so that there is no need to look again. */
  let hasNews = false;
  /** The last round left something behind for want of room. */
  let isHungry = false;
  let nextDueMs = Infinity;
  /** When to look where something waits, since somebody called too soon after the last look. */
  let nextSurveyMs = Infinity;
  let echoMs = firstEchoMs;
  let nextEchoMs = Infinity;
  let lastRoundMs = -Infinity;
  let totalAtLastPoll = 0;
  let isFullSinceLastPoll = false;
  let loop = Promise.resolve();
  const lookout = createLookout({
    survey: () => lanes.survey(),
    onNews() {
      hasNews = true;
      awake?.();
    },
    onMissed: wake,
    onError: (error) => onEvent({ kind: 'fault', where: 'survey', error }),
  });

  async function promote(): Promise<void> {
    const { promoted, nextDueInMs } = await promoteDueJobs(database, promotedAtOnce);
    nextDueMs = promoted >= promotedAtOnce ? clock.now() : clock.now() + (nextDueInMs ?? Infinity);
    if (promoted > 0) {
      lookout.look();
    }
  }

  /** Nothing was claimed for a whole poll although much is with the transport: others may have taken it, or it is lost. */
  async function correctOutstanding(): Promise<void> {
    if (isFullSinceLastPoll && outstanding.total >= totalAtLastPoll && outstanding.total > 0) {
      outstanding.correct(await countQueued(database, worker));
    }
    isFullSinceLastPoll = outstanding.total >= Math.max(1, lanes.outstandingLimit() / 2);
    totalAtLastPoll = outstanding.total;
  }

  async function round(isPoll: boolean, isForNews: boolean): Promise<void> {
    if (transports.refresh()) {
      await returnQueued(database, worker);
      outstanding.correct(noneByPriority());
      lanes.resetPositions();
    }
    if (decisionPace.isDue(clock.now())) {
      await lanes.readDecisions();
      decisionPace.did(clock.now(), 0);
    }
    if (isPoll) {
      lanes.forgetLimits();
      await correctOutstanding();
    }
    if (isPoll || clock.now() >= nextDueMs) {
      await promote();
    }
    if (!lanes.hasRoom()) {
      isHungry = true;
      lastRoundMs = clock.now();
      return;
    }
    const pushesBefore = outstanding.pushes;
    const mayBeMore = await lanes.dispatch();
    echoMs = outstanding.pushes > pushesBefore ? firstEchoMs : echoMs * 2;
    nextEchoMs = echoMs > lastEchoMs ? Infinity : clock.now() + echoMs;
    if (!isForNews && lanes.hasRoom()) {
      if (lookout.isLooking || clock.now() >= lanes.nextSurveyMs) {
        lookout.look();
      } else if (!isPoll) {
        nextSurveyMs = lanes.nextSurveyMs;
      }
    }
    lastRoundMs = clock.now();
    isHungry = mayBeMore || !lanes.hasRoom();
    isWoken ||= mayBeMore && lanes.hasRoom();
  }

  async function sleep(delayMs: number): Promise<void> {
    if (isWoken || hasNews || stopped.signal.aborted) {
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
      const isForNews = (hasNews || clock.now() >= nextEchoMs) && !isWoken && !isPoll;
      nextEchoMs = Infinity;
      isWoken = false;
      hasNews = false;
      nextSurveyMs = isForNews ? nextSurveyMs : Infinity;
      try {
        await round(isPoll, isForNews);
      } catch (error) {
        onEvent({ kind: 'fault', where: 'dispatch', error });
        isWoken = false;
        hasNews = false;
        await sleep(pollIntervalMs / 4);
      }
      if (isPoll) {
        nextPollMs = clock.now() + pollIntervalMs * (0.9 + options.random() / 5);
      }
      await sleep(Math.max(1, Math.min(nextPollMs, nextDueMs, nextSurveyMs, nextEchoMs) - clock.now()));
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
      if (isHungry && lanes.hasRoom()) {
        isHungry = false;
        wake();
      }
    },
    ended(type) {
      if (lanes.forgetLimits(type)) {
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
      await lookout.settled();
      await returnQueued(database, worker);
    },
  };
}
