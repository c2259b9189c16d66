import type { JobPriority } from '@taskflow/contract/jobs';

/** A job on its way to a consumer. Late and double deliveries are harmless: the claim compares `dispatchNo`. */
export interface Delivery {
  readonly jobId: string;
  /** Counts how often the job was dispatched. */
  readonly dispatchNo: number;
  readonly type: string;
  /** The scope of the job's circuit breaker. */
  readonly scope: string;
  readonly priority: JobPriority;
}

/** Takes a delivery; resolves when it is dealt with, whatever came of it. Never rejects. */
export type Consume = (delivery: Delivery) => Promise<void>;

/** How long a job of a type is likely to take, where that is known. */
export type WorkMs = (type: string) => number | undefined;

/** Carries what is about to run from dispatchers to consumers. Never the only copy of anything. */
export interface JobTransport {
  readonly name: 'bee-queue' | 'direct';
  /** Begins to hand deliveries to `consume`, at most `concurrency` at a time. Called once. */
  start(consume: Consume, concurrency: number): Promise<void>;
  /**
   * Hands over deliveries whose rows are committed as `queued`.
   *
   * @param workMs how long a job of a type is likely to take; those that are quick may travel together @default unknown
   * @throws when they may not have arrived
   */
  push(deliveries: readonly Delivery[], workMs?: WorkMs): Promise<void>;
  /** Whether pushing makes sense now. */
  isUp(): boolean;
  /** Takes no more; resolves when every `consume` under way has ended, at the latest when the signal aborts. */
  stop(signal: AbortSignal): Promise<void>;
}
