import { startPostgres } from '../../embedded/index.ts';
import { readRunnerEnvironment, serveUntilSignal } from '../runner.ts';

const { dataDir, port } = readRunnerEnvironment(process.env);

await serveUntilSignal(() =>
  startPostgres({ dataDir, port, database: process.env['DATABASE'], takeOver: true, log: (line) => console.log(line) }),
);
