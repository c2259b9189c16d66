import type { BreakerMode } from '@taskflow/contract/jobs';
import type { Breaker, BreakerList } from '@taskflow/contract/operations';
import type { Executor } from '@taskflow/db';
import { type BreakerControl, type BreakerOutlook, type BreakerView, parseBreakerKey } from '@taskflow/jobs';
import type { CallerAccess } from '../access/access.ts';
import { assertOperator } from '../access/operator.ts';
import type { DocumentPage } from '../core/document.ts';
import { DomainError, notFound } from '../core/errors.ts';
import type { PageQuery } from '../core/id-page.ts';
import { isId } from '../core/ids.ts';
import { keyPage } from '../core/key-page.ts';
import { type BreakerRecord, readBreakerRecords, readNames } from './breaker-repository.ts';
import { findJobType } from './job-catalogue.ts';

/** Circuit breakers, for operators. */
export interface BreakerService {
  /** Those that hold jobs back first. While Redis is away, what was written down last. @throws DomainError `forbidden` */
  list(access: CallerAccess): Promise<BreakerList>;
  /** The same for whoever made sure of that already. */
  read(): Promise<BreakerList>;
  /** Latest first. @throws DomainError `forbidden`, `not_found` for what is no key */
  history(access: CallerAccess, key: string, query: PageQuery): Promise<DocumentPage>;
  /** Closes a breaker. @throws DomainError `forbidden`, `not_found`, `unavailable` while Redis is away */
  reset(access: CallerAccess, key: string): Promise<Breaker>;
  /** Decides for a breaker. @throws DomainError `forbidden`, `not_found` for what can be no breaker of this release */
  setMode(access: CallerAccess, key: string, mode: BreakerMode): Promise<Breaker>;
  /** When the next probe of a breaker goes. */
  outlookOf(key: string): Promise<BreakerOutlook | undefined>;
}

type Named = ReadonlyMap<string, string>;
/** A breaker without names. */
type Bare = Omit<Breaker, 'scopeName' | 'modeSetBy'> & { readonly modeSetBy: string | null };

const instantOf = (date: Date | null | undefined): string | null => date?.toISOString() ?? null;

const bareOfView = (view: BreakerView): Bare => ({
  ...view,
  modeSetBy: view.modeSetBy ?? null,
  modeSetAt: instantOf(view.modeSetAt),
  openedAt: instantOf(view.openedAt),
  failingSince: instantOf(view.failingSince),
  cooldownMs: view.cooldownMs ?? null,
  probeAt: instantOf(view.probeAt),
  probeInMs: view.probeInMs ?? null,
});

function bareOfRecord(record: BreakerRecord): Bare[] {
  const parsed = parseBreakerKey(record.key);
  if (parsed === undefined) {
    return [];
  }
  const { failures, modeSetAt, openedAt, probeAt, ...same } = record;
  return [
    {
      ...parsed,
      ...same,
      modeSetAt: instantOf(modeSetAt),
      openedAt: instantOf(openedAt),
      probeAt: instantOf(probeAt),
      failuresInWindow: 0,
      runsInWindow: 0,
      consecutiveFailures: failures,
      failingSince: null,
    },
  ];
}

/** A breaker that nobody has heard of, or not any more. */
const untouched = (key: string, parsed: Pick<Bare, 'type' | 'scope' | 'errorCode'>): Bare => ({
  ...parsed,
  key,
  state: 'closed',
  mode: 'auto',
  modeSetBy: null,
  modeSetAt: null,
  failuresInWindow: 0,
  runsInWindow: 0,
  consecutiveFailures: 0,
  openedAt: null,
  failingSince: null,
  cooldownMs: null,
  probeAt: null,
  probeInMs: null,
  quarantined: 0,
});

const named = (id: string | null, names: Named): Breaker['modeSetBy'] =>
  id === null ? null : { id, name: names.get(id) ?? '' };

const noSuchEvent = '00000000-0000-0000-0000-000000000000';
const isEventId = (key: string): boolean => /^\d{1,18}$/.test(key);

/** @param options.control what all workers share; it throws while Redis is away */
export function createBreakerService(options: {
  readonly executor: Executor;
  readonly control: BreakerControl;
}): BreakerService {
  const { executor, control } = options;

  async function name(breakers: readonly Bare[]): Promise<Breaker[]> {
    const ids = breakers.flatMap(({ scope, modeSetBy }) => [scope, modeSetBy ?? '']).filter(isId);
    const names = await readNames(executor, [...new Set(ids)]);
    return breakers.map((breaker) => ({
      ...breaker,
      scopeName: names.get(breaker.scope) ?? null,
      modeSetBy: named(breaker.modeSetBy, names),
    }));
  }

  /** @param key only the scope of this breaker */
  async function readBare(key?: string): Promise<{ breakers: Bare[]; isLive: boolean }> {
    const scope = key === undefined ? undefined : parseBreakerKey(key);
    const views = await control.listBreakers(scope).catch(() => undefined);
    return views === undefined
      ? { breakers: (await readBreakerRecords(executor)).flatMap(bareOfRecord), isLive: false }
      : { breakers: views.map(bareOfView), isLive: true };
  }

  async function read(): Promise<BreakerList> {
    const { breakers, isLive } = await readBare();
    return { items: await name(breakers), nextCursor: null, isLive };
  }

  async function readOne(key: string): Promise<Breaker | undefined> {
    const { breakers } = await readBare(key);
    const [found] = await name(breakers.filter((breaker) => breaker.key === key));
    return found;
  }

  /** @throws DomainError `not_found` */
  async function answer(key: string): Promise<Breaker> {
    const parsed = parseBreakerKey(key);
    const [breaker] = parsed === undefined ? [] : await name([untouched(key, parsed)]);
    const found = (await readOne(key)) ?? breaker;
    if (found === undefined) {
      throw notFound();
    }
    return found;
  }

  return {
    read,
    async list(access) {
      assertOperator(access);
      return read();
    },
    async history(access, key, query) {
      assertOperator(access);
      if (parseBreakerKey(key) === undefined) {
        throw notFound();
      }
      const page = keyPage(query, ['breaker events', key], isEventId);
      const events = await control.breakerHistory(key, {
        limit: page.rowLimit,
        ...(page.after !== undefined && { before: page.after.key }),
      });
      const actors = events.flatMap(({ actorId }) => actorId ?? []);
      const names = await readNames(executor, [...new Set(actors)]);
      return page.toPage(
        events.map(({ actorId, cooldownMs, ...event }) => ({
          key: event.id,
          id: noSuchEvent,
          json: JSON.stringify({ ...event, cooldownMs: cooldownMs ?? null, actor: named(actorId ?? null, names) }),
        })),
      );
    },
    async reset(access, key) {
      assertOperator(access);
      if ((await readOne(key)) === undefined) {
        throw notFound();
      }
      await control.reset(key, access.caller.userId).catch((error: unknown) => {
        throw new DomainError('unavailable', 'Breakers cannot be reset while Redis is away', {
          cause: error,
          retryAfterSeconds: 5,
        });
      });
      return answer(key);
    },
    async setMode(access, key, mode) {
      assertOperator(access);
      const parsed = parseBreakerKey(key);
      if (parsed === undefined || findJobType(parsed.type) === undefined || key.length > longestKey) {
        throw notFound();
      }
      await control.setMode(key, mode, access.caller.userId);
      return answer(key);
    },
    async outlookOf(key) {
      const { breakers } = await readBare(key);
      const found = breakers.find((breaker) => breaker.key === key);
      return found && { probeInMs: found.probeInMs ?? undefined };
    },
  };
}

/** A type, the name of a host, an error code. */
const longestKey = 400;
