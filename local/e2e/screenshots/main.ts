import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApiClient } from '../../api-client/api-client.ts';
import { startOwnServers } from '../../embedded/testing/own-servers.ts';
import { seedDemo } from '../../start/demo/seed.ts';
import { DEMO_PASSWORD, people } from '../../start/demo/story/team.ts';
import { launchChromium } from '../harness/chromium.ts';
import { setup as buildWeb } from '../harness/global-setup.ts';
import { startProduct } from '../harness/product.ts';
import { causeOutage } from './outage.ts';
import { looks, operationsPictures, takePictures, takeReadmePicture } from './pictures.ts';

const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const folder = path.join(repositoryRoot, '.taskflow', 'screenshots');
const documentation = path.join(repositoryRoot, 'docs', 'images');

/** Names of pictures on the command line, `readme` among them; none: all of them. */
const wanted = process.argv.slice(2);

await buildWeb();
const servers = await startOwnServers();
const product = await startProduct({ databaseUrl: servers.database.urls.app, redisUrl: servers.redisUrl });
const browser = await launchChromium();
try {
  await seedDemo({ apiUrl: product.url, databaseUrl: servers.database.urls.app, now: new Date() });
  const maya = createApiClient(product.url);
  await maya.call('POST /auth/login', { body: { email: people.maya.email, password: DEMO_PASSWORD } });
  await mkdir(folder, { recursive: true });
  await mkdir(documentation, { recursive: true });
  const studio = { browser, url: product.url, client: maya };
  if (wanted.length === 0 || wanted.includes('readme')) {
    await takeReadmePicture(studio, path.join(documentation, 'board.png'));
  }
  for (const look of looks) {
    await takePictures(studio, look, folder, wanted);
  }
  if (wanted.length === 0 || wanted.some((name) => Object.hasOwn(operationsPictures, name))) {
    const endpoint = await causeOutage(maya);
    for (const look of looks) {
      await takePictures(studio, look, folder, wanted, operationsPictures);
    }
    await endpoint.close();
  }
  process.stdout.write(`${folder}\n${documentation}\n`);
} finally {
  await browser.close();
  await product.stop();
  await servers.remove();
}
