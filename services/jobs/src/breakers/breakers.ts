/** Names the breakers that stand and fall together: one type of job against one endpoint, provider or workspace. */
export interface BreakerScope {
  readonly type: string;
  readonly scope: string;
}

/** `type@scope`. */
export const scopeKey = ({ type, scope }: BreakerScope): string => `${type}@${scope}`;

/** `type@scope:errorCode`, the key of one breaker. */
export const breakerKey = (scope: BreakerScope, errorCode: string): string => `${scopeKey(scope)}:${errorCode}`;

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
}

/** The circuit breakers of all types and scopes, shared by all workers. None of these calls waits for Redis. */
export interface Breakers {
  /** What is gated now, at most 1 s behind the other workers. */
  gates(): readonly Gate[];
  /** The gate that stops this scope, if any. */
  gateOf(scope: BreakerScope): Gate | undefined;
  /** An attempt went well. Costs no call to Redis while the scope has no failures. */
  succeeded(scope: BreakerScope): void;
  /** An attempt failed for a reason that says something about the other side. */
  failed(scope: BreakerScope, errorCode: string): void;
}
