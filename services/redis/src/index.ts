export type { Redis } from 'ioredis';
export {
  createLocalRateLimiter,
  type LocalRateLimiter,
  type LocalRateLimiterOptions,
} from './local-rate-limiter.ts';
export type { RateLimitVerdict } from './rate-limit.ts';
export { createRateLimiter, type RateLimiter, type RateLimiterOptions } from './rate-limiter.ts';
export { closeRedis, createRedis, type RedisClientOptions } from './redis-client.ts';
export { defineScript, type Script, type ScriptDefinition } from './script.ts';
export {
  createWakeUpChannel,
  type WakeUpChannel,
  type WakeUpChannelOptions,
  type WakeUpListener,
} from './wake-up-channel.ts';
