/** The worker with handlers that make trouble, and with leases that a test can wait for. */
import { loadWorkerConfig } from '@taskflow/config';
import { runProcess } from '@taskflow/resilience';
import { createLogger } from '@taskflow/telemetry';
import { createWorkerProcess } from '../../process.ts';
import { createFaultHandlers } from './fault-handlers.ts';

const { FAULT_LEASE_MS, FAULT_RELEASE, ...env } = process.env;
const leaseMs = Number(FAULT_LEASE_MS);
const config = loadWorkerConfig(env);
const log = createLogger({ service: 'worker', level: config.log.level });
const { lifecycle } = createWorkerProcess({
  config,
  log,
  version: 'faults',
  times: { leaseMs, staleAfterMs: leaseMs, abortGraceMs: 500 },
  moreHandlers: (units) => createFaultHandlers(units, { isNewer: FAULT_RELEASE === 'newer' }),
});
await runProcess({ lifecycle, log, process });
