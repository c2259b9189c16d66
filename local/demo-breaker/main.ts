/** `npm run demo:breaker`: plays the story of a circuit breaker against a running TaskFlow. */
import { parseArgs } from 'node:util';
import { ApiError, createApiClient } from '../api-client/api-client.ts';
import { DEMO_PASSWORD, people } from '../start/demo/story/team.ts';
import { playStory } from './story.ts';

const help = `Plays the story of a webhook endpoint that is down and comes back, against a running TaskFlow.

  npm run demo:breaker                            with the demo's owner, on http://localhost:3000
  npm run demo:breaker -- --url http://localhost:8080
  npm run demo:breaker -- --email me@example.org --password ...

It makes a workspace of its own and deletes it at the end. It waits for two cooldowns (COOLDOWN_PERIOD, 60 s): start
TaskFlow with COOLDOWN_PERIOD=5 to see it sooner. The worker must be allowed to call this machine
(WEBHOOK_ALLOWED_CIDRS=127.0.0.0/8), as it is under npm start.
`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    url: { type: 'string', default: 'http://localhost:3000' },
    email: { type: 'string', default: people.maya.email },
    password: { type: 'string', default: DEMO_PASSWORD },
    'cooldown-seconds': { type: 'string', default: '60' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function play(): Promise<number> {
  const client = createApiClient(values.url);
  await client.call('POST /auth/login', { body: { email: values.email, password: values.password } });
  const patienceMs = 60_000 + 4_000 * Number(values['cooldown-seconds']);
  const result = await playStory({ client, say, patienceMs });
  const isTrue = result.taken === result.events && result.isNeighbourComplete && result.isMixedHealthy;
  say('');
  say(`${result.attemptsBeforeOpening} attempts before the breaker opened, ${result.probes} probes while it was open.`);
  say(
    `${result.taken} of ${result.events} events were taken, ${result.takenTwice} of them twice: ${isTrue ? 'nothing was lost' : 'this is not as it should be'}.`,
  );
  return isTrue ? 0 : 1;
}

if (values.help) {
  say(help);
} else {
  try {
    process.exitCode = await play();
  } catch (error) {
    const isRefused = error instanceof ApiError && error.status === 401;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${isRefused ? 'The sign-in was refused: give --email and --password.' : message}\n`);
    process.exitCode = 1;
  }
}
