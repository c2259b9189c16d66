import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** When a process began, in the system's own words; undefined when there is no such process. */
export async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The name of the program stands in parentheses and may hold anything; field 3 follows the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended, only nobody has asked for its exit code yet.
    return fields[0] === 'Z' ? undefined : fields[19];
  }
  const asked = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => undefined);
  const text = asked?.stdout.trim() ?? '';
  return text === '' ? undefined : text;
}
