export { findFreePort, isPortFree } from './free-port.ts';
export { type Guardian, startGuardian } from './guardian.ts';
export { readOrCreatePassword } from './password-file.ts';
export {
  postgresAdminUrl,
  type RunningPostgres,
  type StartPostgresOptions,
  startPostgres,
} from './postgres/start-postgres.ts';
export { findRedis } from './redis/find-redis.ts';
export { type RunningRedis, redisUrl, type StartRedisOptions, startRedis } from './redis/start-redis.ts';
export type { ServerExit } from './server-process.ts';
