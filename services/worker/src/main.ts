import { ConfigError, loadWorkerConfig } from '@taskflow/config';
import { runProcess } from '@taskflow/resilience';
import { createLogger } from '@taskflow/telemetry';
import manifest from '../package.json' with { type: 'json' };
import { createWorkerProcess } from './process.ts';

try {
  const config = loadWorkerConfig(process.env);
  const log = createLogger({ service: 'worker', level: config.log.level });
  const { lifecycle } = createWorkerProcess({ config, log, version: manifest.version });
  await runProcess({ lifecycle, log, process });
} catch (error) {
  if (!(error instanceof ConfigError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
