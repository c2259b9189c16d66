import { z } from 'zod';
import { startWebServer } from './web-server.ts';

const port = z.coerce.number().int().min(1).max(65_535);
const environment = z
  .object({ HOST: z.string().min(1).optional(), PORT: port, API_PORT: port, STATIC_DIR: z.string().min(1) })
  .parse(process.env);

const server = await startWebServer({
  host: environment.HOST,
  port: environment.PORT,
  apiPort: environment.API_PORT,
  staticDirectory: environment.STATIC_DIR,
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void server.close());
}
