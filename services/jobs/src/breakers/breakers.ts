/** Names the breakers that stand and fall together: one type of job against one endpoint, provider or workspace. */
export interface BreakerScope {
  readonly type: string;
  readonly scope: string;
}

/** `type@scope`. */
export const scopeKey = ({ type, scope }: BreakerScope): string => `${type}@${scope}`;

/** `type@scope:errorCode`, the key of one breaker. */
export const breakerKey = (scope: BreakerScope, errorCode: string): string => `${scopeKey(scope)}:${errorCode}`;

/** The scope that {@link scopeKey} named; types have no `@`. */
export function parseScopeKey(key: string): BreakerScope {
  const at = key.indexOf('@');
  return { type: key.slice(0, at), scope: key.slice(at + 1) };
}

/** The parts of a {@link breakerKey}, or `undefined` for what is none; error codes have no `:`. */
export function parseBreakerKey(key: string): (BreakerScope & { readonly errorCode: string }) | undefined {
  const colon = key.lastIndexOf(':');
  const at = key.indexOf('@');
  if (at < 1 || colon < at || colon === key.length - 1) {
    return undefined;
  }
  return { ...parseScopeKey(key.slice(0, colon)), errorCode: key.slice(colon + 1) };
}

/** Something that a job must not be sent against now, and why. */
export interface Gate {
  /** See {@link scopeKey}. */
  readonly scopeKey: string;
  /** The breaker that is open; the first of them where several are. */
  readonly breakerKey: string;
}

/** How long a type's breakers wait and when they open, configuration applied. */
export interface BreakerSettings {
  readonly failureThreshold: number;
  readonly cooldownMs: number;
  /** The longest that a cooldown grows to. @default 15 min, or `cooldownMs` where that is longer */
  readonly maxCooldownMs?: number;
  /** When a probe is given up for lost; longer than the type's timeout. @default 2 min */
  readonly probeLeaseMs?: number;
}

/** What else is known about an attempt that ended. */
export interface EndedAttempt {
  /** It was sent through the gate to see whether the other side is back. @default false */
  readonly isProbe?: boolean;
}

/** The circuit breakers of all types and scopes, shared by all workers. None of these calls waits for Redis. */
export interface Breakers {
  /** What is gated now, at most 1 s behind the other workers. */
  gates(): readonly Gate[];
  /** The gate that stops this scope, if any. */
  gateOf(scope: BreakerScope): Gate | undefined;
  /** An attempt went well. Costs no call to Redis while the scope has no failures. */
  succeeded(scope: BreakerScope, attempt?: EndedAttempt): void;
  /** An attempt failed for a reason that says something about the other side. */
  failed(scope: BreakerScope, errorCode: string, attempt?: EndedAttempt): void;
  /** A probe ended without saying anything about the other side: canceled, its own fault. Another one may go. */
  probeReturned(scope: BreakerScope): void;
}
