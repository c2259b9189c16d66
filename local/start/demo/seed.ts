import { createHistory } from './history.ts';
import { storyTasks } from './story/story.ts';
import { tellStory } from './tell.ts';
import { createWorkspace, isDemoPresent, signIn } from './workspace.ts';

/** Where the demo goes. */
export interface SeedOptions {
  /** Origin of the API. */
  readonly apiUrl: string;
  /** A role that may write rows. */
  readonly databaseUrl: string;
  /** The story ends now. */
  readonly now: Date;
}

/**
 * Makes the demo: everything through the HTTP API by the people themselves, so that every rule holds and all of it is
 * in the activity; then the past is written in one transaction. Does nothing when the demo is there.
 */
export async function seedDemo({ apiUrl, databaseUrl, now }: SeedOptions): Promise<'made' | 'present'> {
  const owner = await signIn(apiUrl, 'maya');
  if (await isDemoPresent(owner)) {
    return 'present';
  }
  const history = createHistory();
  const workspace = await createWorkspace({ apiUrl, history, now }, owner);
  await tellStory({ workspace, tasks: storyTasks, history, now });
  await history.write(databaseUrl, workspace.id);
  return 'made';
}
