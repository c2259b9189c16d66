export { type OwnServers, startOwnServers } from './own-servers.ts';
export type { RolePasswords, TestCoordinates } from './coordinates.ts';
export { createTestDatabase, type TestDatabase } from './test-database.ts';
export { testRedisUrl } from './test-redis.ts';
