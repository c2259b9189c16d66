import { once } from 'node:events';
import path from 'node:path';
import type { OutputStream, ProcessOutput } from './launch-process.ts';
import { createRotatingLog, type RotatingLog } from './rotating-log.ts';

/** Settings of {@link createOutputSink}. */
export interface OutputSinkOptions {
  /** Folder of the log files. */
  readonly directory: string;
  /** Where lines are shown. */
  readonly screen: NodeJS.WritableStream;
  readonly color: boolean;
  /** Whether a program's lines are shown, not only kept. */
  readonly isShown: (programName: string) => boolean;
  /** Makes a line readable before it is shown. @default as it is */
  readonly format?: ((line: string) => string) | undefined;
  /** @default 10 MiB */
  readonly maxBytes?: number | undefined;
  /** @default 5 */
  readonly keep?: number | undefined;
}

/** Takes the output of all processes. */
export interface OutputSink {
  outputFor(id: string, programName: string): ProcessOutput;
  /** Shows a line of the supervisor itself. */
  say(id: string, message: string): void;
  close(): Promise<void>;
}

const COLORS = [36, 33, 35, 32, 34, 96, 93, 95, 92, 94];
const LABEL_WIDTH = 10;

/** The log file of one output of a process: `api.out.log`, `api.1.err.log`. */
function logFileName(id: string, stream: OutputStream): string {
  return `${id.replace(':', '.')}.${stream === 'stdout' ? 'out' : 'err'}.log`;
}

/**
 * Keeps every byte of every process in rotating files, both outputs apart, and shows lines on screen behind the name
 * of the process, in a colour of its own. A screen or disk that cannot keep up slows the writer down instead of
 * filling the memory.
 */
export function createOutputSink(options: OutputSinkOptions): OutputSink {
  const logs = new Map<string, RotatingLog>();
  const colors = new Map<string, number>();

  // A closed terminal or a reader that went away: programs go on, and their logs are in the files.
  let screenIsGone = false;
  const screenGone = new Promise<void>((resolve) => {
    const gone = (): void => {
      screenIsGone = true;
      resolve();
    };
    options.screen.on('error', gone);
    options.screen.on('close', gone);
  });

  const logOf = (id: string, stream: OutputStream): RotatingLog => {
    const name = logFileName(id, stream);
    const log =
      logs.get(name) ??
      createRotatingLog({
        file: path.join(options.directory, name),
        maxBytes: options.maxBytes ?? 10 * 1024 * 1024,
        keep: options.keep ?? 5,
      });
    logs.set(name, log);
    return log;
  };
  const label = (id: string): string => {
    const color = colors.get(id) ?? COLORS[colors.size % COLORS.length] ?? 0;
    colors.set(id, color);
    const text = `${id.padEnd(LABEL_WIDTH)} |`;
    return options.color ? `\u001B[${color}m${text}\u001B[0m` : text;
  };
  const show = async (id: string, line: string): Promise<void> => {
    if (!screenIsGone && !options.screen.write(`${label(id)} ${line}\n`)) {
      await Promise.race([once(options.screen, 'drain').catch(() => undefined), screenGone]);
    }
  };
  return {
    outputFor: (id, programName) => ({
      write: (stream, chunk) => logOf(id, stream).write(chunk),
      line: (_stream, line) =>
        options.isShown(programName) ? show(id, options.format?.(line) ?? line) : Promise.resolve(),
    }),
    say: (id, message) => {
      void show(id, message);
    },
    close: async () => {
      await Promise.all([...logs.values()].map((log) => log.close()));
    },
  };
}
