export {
  type Circuit,
  type CircuitEvent,
  type CircuitGate,
  type CircuitGroup,
  type CircuitMode,
  type CircuitPhase,
  type CircuitSettings,
  type CircuitStep,
  type CircuitTransition,
  circuitGate,
  circuitState,
  circuitWindowMs,
  cleanCircuits,
  countRuns,
  type RunsOfSecond,
} from './circuit.ts';
export { stepCircuits } from './circuit-breaker.ts';
export { type Clock, systemClock } from './clock.ts';
export {
  createLifecycle,
  type Lifecycle,
  type LifecycleLog,
  type LifecycleOptions,
  type LifecyclePart,
  type LifecycleState,
  type ReadinessReport,
  type StopReport,
} from './lifecycle.ts';
export { type BackoffOptions, backoffDelayMs, type RetryOptions, retry } from './retry.ts';
export { type ProcessHandle, type RunProcessOptions, runProcess } from './run-process.ts';
export { TimeoutError, type TimeoutOptions, withTimeout } from './with-timeout.ts';
