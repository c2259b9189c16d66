/** What a limit says about one caller at one moment. */
export interface RateLimitVerdict {
  readonly allowed: boolean;
  /** Points per window. */
  readonly limit: number;
  readonly remaining: number;
  /** Until the window ends and everything is allowed again; at least 1. */
  readonly resetSeconds: number;
}
