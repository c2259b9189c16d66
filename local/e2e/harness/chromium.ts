import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import packaged, { inflate } from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const run = promisify(execFile);
const VERSION_TIMEOUT_MS = 30_000;

/**
 * What the package proposes for its small machines and is wrong here: the first kills the browser when one of two
 * contexts closes, the second goes with it, the third lets pages do what browsers forbid.
 */
const UNWANTED_ARGUMENTS = new Set(['--single-process', '--no-zygote', '--disable-web-security']);

/** The fonts and libraries that the package carries, once they are unpacked. */
const FONTS = path.join(tmpdir(), 'fonts');
const LIBRARIES = path.join(tmpdir(), 'al2023', 'lib');

/**
 * Unpacks the browser that the package carries and launches it; where the machine lacks libraries that it needs, those
 * of the package are used.
 *
 * @throws when the browser does not run here
 */
export async function launchChromium(): Promise<Browser> {
  // The product draws nothing in 3D, and the software that would stand in for a graphics card takes a third of the time.
  packaged.setGraphicsMode = false;
  const options = {
    executablePath: await unpackChromium(),
    env: environment(),
    args: packaged.args.filter((argument) => !UNWANTED_ARGUMENTS.has(argument)),
  };
  // A browser that dies while it starts, as one in some hundreds does, says nothing about the product.
  return chromium.launch(options).catch(() => chromium.launch(options));
}

async function unpackChromium(): Promise<string> {
  const executable = await packaged.executablePath();
  if ((await reasonNotToRun(executable)) === undefined) {
    return executable;
  }
  // Left half-unpacked by a run that was killed.
  await rm(executable, { force: true });
  await packaged.executablePath();
  if ((await reasonNotToRun(executable)) !== undefined) {
    const packageFolder = path.join(path.dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..');
    await inflate(path.join(packageFolder, 'bin', 'al2023.tar.br'));
    const reason = await reasonNotToRun(executable);
    if (reason !== undefined) {
      throw new Error(`The browser for tests does not run here.\n${reason}`);
    }
  }
  return executable;
}

async function reasonNotToRun(executable: string): Promise<string | undefined> {
  try {
    await run(executable, ['--version', '--no-sandbox'], { env: environment(), timeout: VERSION_TIMEOUT_MS });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The same fonts everywhere, so that pages and pictures of them look the same everywhere. */
function environment(): Record<string, string> {
  const { HOME = tmpdir(), PATH = '' } = process.env;
  return {
    HOME,
    PATH,
    FONTCONFIG_PATH: FONTS,
    ...(existsSync(LIBRARIES) ? { LD_LIBRARY_PATH: LIBRARIES } : {}),
  };
}
