import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where everything of one local TaskFlow is kept. */
export interface DataDirectory {
  readonly root: string;
  readonly postgres: string;
  readonly redis: string;
  readonly logs: string;
  /** Compiled code of the programs; can be thrown away at any time. */
  readonly compileCache: string;
  /** What describes the running supervisor: lock, socket, list of processes. */
  readonly run: string;
  readonly lockFile: string;
  readonly socketPath: string;
  readonly secretsFile: string;
  /** The person's own changes to the programs. */
  readonly programsFile: string;
  /** Present once the demo data has been made or declined. */
  readonly demoMarker: string;
}

/** Longest path a Unix socket may have everywhere (macOS: 104 bytes with the closing zero). */
const MAX_SOCKET_PATH_BYTES = 100;

/**
 * The folders and files of a local TaskFlow: TASKFLOW_DATA_DIR, else `.taskflow` in the checkout.
 */
export function dataDirectory(env: NodeJS.ProcessEnv, repositoryRoot: string): DataDirectory {
  const chosen = env['TASKFLOW_DATA_DIR'];
  const root = chosen === undefined || chosen === '' ? path.join(repositoryRoot, '.taskflow') : path.resolve(chosen);
  const run = path.join(root, 'run');
  return {
    root,
    postgres: path.join(root, 'postgres'),
    redis: path.join(root, 'redis'),
    logs: path.join(root, 'logs'),
    compileCache: path.join(root, 'cache'),
    run,
    lockFile: path.join(run, 'lock.json'),
    socketPath: socketPathIn(run),
    secretsFile: path.join(root, 'secrets.json'),
    programsFile: path.join(root, 'programs.json'),
    demoMarker: path.join(root, 'demo.json'),
  };
}

function socketPathIn(run: string): string {
  const wanted = path.join(run, 'flow.sock');
  if (Buffer.byteLength(wanted) <= MAX_SOCKET_PATH_BYTES) {
    return wanted;
  }
  const digest = createHash('sha256').update(run).digest('hex').slice(0, 16);
  return path.join(tmpdir(), `taskflow-${process.getuid?.() ?? 'user'}-${digest}.sock`);
}
