import { ConfigError, loadMigrateConfig, type MigrateConfig } from '@taskflow/config';
import { createLogger } from '@taskflow/telemetry';
import { prepareDatabase } from './prepare-database.ts';

/** Prepares the database and answers the exit code: 0 done, 1 failed. */
async function run(config: MigrateConfig): Promise<number> {
  const log = createLogger({ service: 'migrate', level: config.log.level });
  try {
    await prepareDatabase({ ...config, log: (message) => log.info({}, message) });
    return 0;
  } catch (error) {
    log.fatal({ err: error }, 'the database could not be prepared');
    return 1;
  }
}

try {
  process.exitCode = await run(loadMigrateConfig(process.env));
} catch (error) {
  if (!(error instanceof ConfigError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
