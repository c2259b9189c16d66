import { homedir, tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Where downloads are kept between runs and checkouts: TASKFLOW_CACHE_DIR, else the user's cache folder, else a
 * folder of the user's own in the temporary one.
 */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
  const chosen = env['TASKFLOW_CACHE_DIR'];
  if (chosen !== undefined && chosen !== '') {
    return path.resolve(chosen);
  }
  const base = env['XDG_CACHE_HOME'];
  if (base !== undefined && path.isAbsolute(base)) {
    return path.join(base, 'taskflow');
  }
  const home = homedir();
  return home === '' || home === '/' || home === '/nonexistent'
    ? path.join(tmpdir(), `taskflow-cache-${process.getuid?.() ?? 'user'}`)
    : path.join(home, '.cache', 'taskflow');
}
