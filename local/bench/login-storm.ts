import { setTimeout as delay } from 'node:timers/promises';
import type { BenchContext, Benchmark } from './harness/context.ts';
import { type Load, put } from './harness/load.ts';
import type { Program } from './harness/program.ts';
import { alternate, compare, median } from './harness/rounds.ts';

const concurrentSignIns = 20;
const password = 'correct horse battery staple';

/** Signing in costs a password hash; who reads tasks meanwhile should not notice. */
export const loginStorm: Benchmark = {
  about: `p99 of GET tasks while ${concurrentSignIns} people sign in all the time`,
  async run(context: BenchContext) {
    const { report } = context;
    const world = await context.world();
    const api = await context.api();
    await givePasswords(context, api);
    const load: Load = {
      path: `/api/v1/projects/${world.projectIds[0] ?? ''}/tasks?limit=20`,
      headers: { cookie: world.cookies[0] ?? '' },
      connections: 4,
      perSecond: 100,
      seconds: 4,
    };
    let signIns = 0;
    const results = await alternate({
      calm: async () => (await put(api, load)).p99Ms,
      storm: async () => {
        const over = new AbortController();
        const storm = Promise.all(
          Array.from({ length: concurrentSignIns }, async (_, person) => {
            while (!over.signal.aborted) {
              await signIn(api, person + 1);
              signIns += 1;
            }
          }),
        );
        await delay(200);
        const { p99Ms } = await put(api, load);
        over.abort();
        await storm;
        return p99Ms;
      },
    });
    await api.stop();
    report.ratio('p99 of GET tasks in the storm vs calm', compare(results.get('storm'), results.get('calm')), {
      atMost: 1.5,
    });
    report.figure('p99 when calm', median(results.get('calm') ?? []), 'ms');
    report.figure('p99 in the storm', median(results.get('storm') ?? []), 'ms');
    report.figure('sign-ins', signIns / (8 * 4.2), '/s');
  },
};

/** One person registers, so that there is a real hash; the seeded people get the same one. */
async function givePasswords(context: BenchContext, api: Program): Promise<void> {
  const email = `storm-${Date.now()}@example.com`;
  const response = await send(api, '/auth/register', { email, password, name: 'Storm' });
  if (!response.ok) {
    throw new Error(`could not register: ${response.status}`);
  }
  const { admin } = await context.servers();
  await admin.query(
    `update users set password_hash = (select password_hash from users where email = $1) where email like 'person%'`,
    [email],
  );
}

async function signIn(api: Program, person: number): Promise<void> {
  const response = await send(api, '/auth/login', { email: `person${person}@example.com`, password });
  await response.arrayBuffer();
  if (!response.ok) {
    throw new Error(`could not sign in: ${response.status}`);
  }
}

const part = (): number => 1 + Math.floor(Math.random() * 250);

/** Everybody comes from another address: limits by address are not what is measured. */
function send(api: Program, path: string, body: object): Promise<Response> {
  return fetch(`${api.url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.${part()}.${part()}.${part()}` },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
}
