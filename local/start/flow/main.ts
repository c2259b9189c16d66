import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataDirectory } from '../data-directory.ts';
import { runFlow } from './run-flow.ts';

const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

process.exitCode = await runFlow(process.argv.slice(2), dataDirectory(process.env, repositoryRoot), {
  out: (text) => process.stdout.write(text),
  problem: (text) => process.stderr.write(text),
});
