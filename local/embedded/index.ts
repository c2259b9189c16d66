export { findFreePort, isPortFree } from './free-port.ts';
export { type RunningPostgres, type StartPostgresOptions, startPostgres } from './postgres/start-postgres.ts';
export { type RunningRedis, type StartRedisOptions, startRedis } from './redis/start-redis.ts';
export type { ServerExit } from './server-process.ts';
