/** The TCP port each process listens on unless its environment says otherwise. */
export const ports = {
  api: 8000,
  apiManagement: 9464,
  workerManagement: 9465,
  frontend: 3000,
  postgres: 5432,
  redis: 6379,
} as const;
