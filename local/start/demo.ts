import { spawn } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { databaseUrl, type LocalSettings } from './settings.ts';

const DEMO_TIMEOUT_MS = 120_000;

/** Whether demo data has already been made, or declined, for this data directory. */
export async function isDemoSettled(settings: LocalSettings): Promise<boolean> {
  return access(settings.data.demoMarker).then(
    () => true,
    () => false,
  );
}

/** Notes that the question of demo data is settled, so that the next run does not ask it again. */
export async function settleDemo(settings: LocalSettings, outcome: 'made' | 'declined'): Promise<void> {
  await writeFile(settings.data.demoMarker, `${JSON.stringify({ outcome, at: new Date().toISOString() })}\n`);
}

/**
 * Fills the running TaskFlow with the demo workspace, by the program `local/start/demo/main.ts` and through the HTTP
 * API at API_URL; answers the lines it has for the person, such as the sign-in.
 *
 * @throws with what the program wrote when it fails or takes longer than two minutes
 */
export async function makeDemo(settings: LocalSettings, baseEnv: Readonly<Record<string, string>>): Promise<string[]> {
  const program = path.join(settings.repositoryRoot, 'local', 'start', 'demo', 'main.ts');
  const child = spawn(process.execPath, [program], {
    cwd: settings.repositoryRoot,
    env: {
      ...baseEnv,
      API_URL: `http://127.0.0.1:${settings.ports.api}`,
      PUBLIC_URL: settings.publicUrl,
      DATABASE_URL: databaseUrl(settings, 'app'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: DEMO_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  let out = '';
  let problems = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (problems += text));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  if (code !== 0) {
    throw new Error(`The demo data could not be made (exit code ${code ?? 'none'}).\n${problems || out}`.trim());
  }
  return out.trimEnd().split('\n');
}

/** The last lines of a program's error log, for a message about its failure. */
export async function lastErrors(settings: LocalSettings, id: string, lines: number): Promise<string[]> {
  const file = path.join(settings.data.logs, `${id.replace(':', '.')}.err.log`);
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .trimEnd()
    .split('\n')
    .slice(-lines)
    .filter((line) => line !== '');
}
