export { type ApiConfig, loadApiConfig } from './api-config.ts';
export { ConfigError, type ConfigProblem, formatConfigProblems } from './config-error.ts';
export {
  type ConfiguredProcess,
  describeVariables,
  type VariableDescription,
  variablesAsMarkdown,
} from './describe-variables.ts';
export type { Environment, ReadText } from './environment.ts';
export { loadMigrateConfig, type MigrateConfig } from './migrate-config.ts';
export { loadWorkerConfig, type WorkerConfig } from './worker-config.ts';
