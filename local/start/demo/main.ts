import { z } from 'zod';
import { seedDemo } from './seed.ts';
import { beginning, DEMO_PASSWORD, people } from './story/team.ts';

const { API_URL, DATABASE_URL } = z.object({ API_URL: z.url(), DATABASE_URL: z.string().min(1) }).parse(process.env);

await seedDemo({ apiUrl: API_URL, databaseUrl: DATABASE_URL, now: new Date() });

process.stdout.write(`Demo workspace "${beginning.workspaceName}": sign in as ${people.maya.email}, password ${DEMO_PASSWORD}
Colleagues, same password: ${people.jonas.email}, ${people.priya.email}
`);
