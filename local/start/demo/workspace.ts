import type { User } from '@taskflow/contract/auth';
import { type ApiClient, ApiError, createApiClient } from '../../api-client/api-client.ts';
import type { History } from './history.ts';
import { resolveMoment } from './moment.ts';
import type { PersonKey, ProjectKey, StatusName } from './story/story-task.ts';
import { beginning, DEMO_PASSWORD, labels, people, projects } from './story/team.ts';

const DAY_MS = 86_400_000;

/** A person of the demo who is signed in. */
interface SignedIn {
  readonly client: ApiClient;
  readonly user: User;
}

/** The workspace before its first task. */
export interface EmptyWorkspace {
  readonly id: string;
  readonly people: Readonly<Record<PersonKey, SignedIn>>;
  /** By name. */
  readonly labelIds: ReadonlyMap<string, string>;
  readonly projects: ReadonlyMap<ProjectKey, StoryProjectIds>;
}

/** A project of the demo. */
export interface StoryProjectIds {
  readonly id: string;
  readonly statusIds: ReadonlyMap<StatusName, string>;
}

/** What the workspace is made with. */
export interface WorkspaceOptions {
  readonly apiUrl: string;
  readonly history: History;
  readonly now: Date;
}

/**
 * Signs a person in, after registering them when they are new.
 *
 * @param invitation token that lets a new person in
 * @throws ApiError when the address belongs to somebody with another password
 */
export async function signIn(apiUrl: string, person: PersonKey, invitation?: string): Promise<SignedIn> {
  const client = createApiClient(apiUrl);
  const { name, email } = people[person];
  try {
    const { user } = await client.call('POST /auth/login', { body: { email, password: DEMO_PASSWORD } });
    if (invitation !== undefined) {
      await client.call('POST /invitations/{token}/accept', { params: { token: invitation } });
    }
    return { client, user };
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) {
      throw error;
    }
    const body = { name, email, password: DEMO_PASSWORD, ...(invitation !== undefined && { invitation }) };
    const { user } = await client.call('POST /auth/register', { body });
    return { client, user };
  }
}

/**
 * Whether the demo is there already. What an interrupted run left behind is deleted: giving the accounts their past
 * is the last thing that a run does, so an account that is as young as its last change tells of one.
 */
export async function isDemoPresent({ client, user }: SignedIn): Promise<boolean> {
  const { items } = await client.call('GET /workspaces');
  const isFinished = Date.parse(user.updatedAt) - Date.parse(user.createdAt) > DAY_MS;
  const found = items.filter(({ name, role }) => name === beginning.workspaceName && role === 'owner');
  if (!isFinished) {
    for (const { id } of found) {
      await client.call('DELETE /workspaces/{id}', { params: { id } });
    }
  }
  return isFinished && found.length > 0;
}

/** Makes the workspace with its people, labels and projects, each by the person who did it in the story. */
export async function createWorkspace(options: WorkspaceOptions, owner: SignedIn): Promise<EmptyWorkspace> {
  const { history, now } = options;
  history.turnTo(resolveMoment(beginning.createdAt, now));
  const { id } = await owner.client.call('POST /workspaces', { body: { name: beginning.workspaceName } });
  const team = { maya: owner, ...(await inviteOthers(options, owner, id)) };
  return {
    id,
    people: team,
    labelIds: await createLabels(owner.client, id),
    projects: await createProjects(options, team, id),
  };
}

async function inviteOthers(
  { apiUrl, history, now }: WorkspaceOptions,
  { client }: SignedIn,
  workspaceId: string,
): Promise<Record<'jonas' | 'priya', SignedIn>> {
  const join = async ({ person, role, at }: (typeof beginning.invitations)[number]): Promise<SignedIn> => {
    history.turnTo(resolveMoment(at, now));
    const { email } = people[person];
    const { url } = await client.call('POST /workspaces/{id}/invitations', {
      params: { id: workspaceId },
      body: { email, role },
    });
    return signIn(apiUrl, person, url.slice(url.lastIndexOf('/') + 1));
  };
  const [first, second] = beginning.invitations;
  return { jonas: await join(first), priya: await join(second) };
}

async function createLabels(client: ApiClient, workspaceId: string): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const body of labels) {
    const { id, name } = await client.call('POST /workspaces/{id}/labels', { params: { id: workspaceId }, body });
    ids.set(name, id);
  }
  return ids;
}

async function createProjects(
  { history, now }: WorkspaceOptions,
  team: EmptyWorkspace['people'],
  workspaceId: string,
): Promise<Map<ProjectKey, StoryProjectIds>> {
  const made = new Map<ProjectKey, StoryProjectIds>();
  for (const { by, at, ...body } of projects) {
    const { client } = team[by];
    history.turnTo(resolveMoment(at, now));
    const { id } = await client.call('POST /workspaces/{id}/projects', { params: { id: workspaceId }, body });
    const statuses = await client.call('GET /projects/{id}/statuses', { params: { id } });
    const idOf = (name: StatusName): [StatusName, string] => {
      const status = statuses.items.find((candidate) => candidate.name === name);
      if (status === undefined) {
        throw new Error(`A new project has no status "${name}".`);
      }
      return [name, status.id];
    };
    const names = ['Backlog', 'To do', 'In progress', 'Done', 'Canceled'] as const;
    made.set(body.key, { id, statusIds: new Map(names.map(idOf)) });
  }
  return made;
}
