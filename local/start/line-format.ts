import { z } from 'zod';

const LEVELS: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};
/** Fields that say the same on every line, or that the label of the line says already. */
const LEFT_OUT = new Set(['level', 'time', 'pid', 'hostname', 'service', 'name', 'msg', 'message', 'err', 'v']);

const lineSchema = z.looseObject({
  level: z.union([z.number(), z.string()]),
  msg: z.string().optional(),
  message: z.string().optional(),
  err: z.looseObject({ message: z.string().optional(), stack: z.string().optional() }).optional(),
});

/** The line of a request that was answered. */
const requestSchema = z.object({
  method: z.string(),
  route: z.string(),
  status: z.number(),
  durationMs: z.number(),
});

/** The line of an attempt at a job. */
const jobSchema = z.object({
  jobId: z.string(),
  type: z.string(),
  attempt: z.number(),
  outcome: z.string(),
  durationMs: z.number(),
});

/**
 * Makes a structured log line readable on a screen: what was asked and answered for a request, what was done for a
 * job, else level, message and the fields that differ. A line that is not one stays as it is; the log files always keep the original.
 */
export function formatLogLine(line: string): string {
  if (!line.startsWith('{')) {
    return line;
  }
  const parsed = lineSchema.safeParse(parseJson(line));
  if (!parsed.success) {
    return line;
  }
  const { level, err } = parsed.data;
  const text = parsed.data.msg ?? parsed.data.message ?? '';
  const name = typeof level === 'number' ? (LEVELS[level] ?? String(level)) : level.toUpperCase();
  const request = requestSchema.safeParse(parsed.data);
  if (request.success && name === 'INFO') {
    const { method, route, status, durationMs } = request.data;
    // A route may name its method itself.
    const what = route.startsWith(method) ? route : `${method} ${route}`;
    return `${name.padEnd(5)} ${what} ${status} in ${Math.round(durationMs)} ms`;
  }
  const job = jobSchema.safeParse(parsed.data);
  if (job.success && name === 'INFO') {
    const { type, attempt, outcome, durationMs } = job.data;
    const again = attempt > 1 ? ` at attempt ${attempt}` : '';
    return `${name.padEnd(5)} ${type} ${outcome}${again} in ${Math.round(durationMs)} ms`;
  }
  const fields = Object.entries(parsed.data)
    .filter(([key, value]) => !LEFT_OUT.has(key) && value !== undefined && value !== null)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const problem = err === undefined ? [] : [err.stack ?? err.message ?? JSON.stringify(err)];
  return [name.padEnd(5), text, ...fields, ...problem].filter((part) => part !== '').join(' ');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
