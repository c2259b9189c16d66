export { currentContext, runInContext, type WorkContext } from './context.ts';
export { type ErrorFields, errorFields } from './error-fields.ts';
export { createLogger, type Logger, type LoggerOptions, type LogLevel } from './logger.ts';
export { type ManagementServer, type ManagementServerOptions, startManagementServer } from './management-server.ts';
export { createMetrics, type MetricName, type MetricOptions, type Metrics } from './metrics.ts';
export { childTraceContext, formatTraceparent, parseTraceparent, type TraceContext } from './trace-context.ts';
