import { startRedis } from '../../embedded/index.ts';
import { readRunnerEnvironment, serveUntilSignal } from '../runner.ts';

const { dataDir, port } = readRunnerEnvironment(process.env);

await serveUntilSignal(() => startRedis({ dataDir, port, log: (line) => console.log(line) }));
