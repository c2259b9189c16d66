import { z } from 'zod';
import { processStatusSchema } from './status.ts';

const program = z.string();

/** What may be asked of a running supervisor; one JSON object a line. */
export const controlRequestSchema = z.discriminatedUnion('command', [
  z.object({ command: z.literal('status') }),
  z.object({ command: z.literal('start'), program }),
  z.object({ command: z.literal('stop'), program }),
  z.object({ command: z.literal('restart'), program }),
  z.object({ command: z.literal('reload') }),
]);

/** What may be asked of a running supervisor. */
export type ControlRequest = z.infer<typeof controlRequestSchema>;

/** The answer to a request; one JSON object a line. */
export const controlResponseSchema = z.object({
  /** Whether what was asked for is so now. */
  ok: z.boolean(),
  /** What happened, for a person. */
  message: z.string(),
  /** State after it, of what was asked about. */
  processes: z.array(processStatusSchema),
});

/** The answer to a request. */
export type ControlResponse = z.infer<typeof controlResponseSchema>;
