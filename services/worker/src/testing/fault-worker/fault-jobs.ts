import { defineJobType } from '@taskflow/jobs';
import { z } from 'zod';

/** What an attempt does instead of its work. */
export const troubles = ['throws', 'hangs', 'blocks', 'exits', 'kills'] as const;

/** One of {@link troubles}. */
export type Trouble = (typeof troubles)[number];

const payload = z.strictObject({
  /** Unique; names the row that the job writes. */
  n: z.int(),
});

const waitingPayload = z.strictObject({ n: payload.shape.n, holdAttempts: z.int() });

const troublePayload = z.strictObject({ n: payload.shape.n, trouble: z.enum(troubles) });

/** Writes a row. */
export const faultWrite = defineJobType({
  name: 'fault.write',
  payload,
  priority: 'default',
  timeoutMs: 10_000,
});

/**
 * Writes a row. The first attempts, as many as it says, stop halfway, in their transaction, until the test lets them go;
 * they ignore their signal.
 */
export const faultHold = defineJobType({
  name: 'fault.hold',
  payload: waitingPayload,
  priority: 'default',
  timeoutMs: 120_000,
});

/** Never gets to write its row. */
export const faultTrouble = defineJobType({
  name: 'fault.trouble',
  payload: troublePayload,
  priority: 'default',
  timeoutMs: 500,
  // each by itself: none opens the breaker of another
  scope: ({ n }) => String(n),
});

/** Writes a row; only the newer release knows it. */
export const faultNews = defineJobType({
  name: 'fault.news',
  payload,
  priority: 'default',
  timeoutMs: 10_000,
});
