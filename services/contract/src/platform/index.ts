export { ports } from './ports.ts';
export { probePaths } from './probes.ts';
export { metricNames } from './metrics.ts';
export { lifecycleDefaults } from './lifecycle.ts';
