import type { WorkspaceRole } from '@taskflow/contract/workspaces';
import type { RawAnswer } from './client.ts';
import type { Person, TestApi } from './test-api.ts';

/** Makes a link to a workspace. @returns its token */
export async function invite(
  by: Person,
  workspaceId: string,
  role: Exclude<WorkspaceRole, 'owner'>,
  projectIds: string[] = [],
): Promise<string> {
  const { url } = await by.call('POST /workspaces/{id}/invitations', {
    params: { id: workspaceId },
    body: { email: `somebody-${crypto.randomUUID()}@example.com`, role, projectIds },
  });
  return new URL(url).pathname.replace('/invite/', '');
}

/** Registers somebody who joins a workspace with a role. */
export async function joined(
  api: TestApi,
  by: Person,
  workspaceId: string,
  who: { readonly name: string; readonly role: WorkspaceRole; readonly projectIds?: string[] },
): Promise<Person> {
  const { name, role, projectIds } = who;
  const person = await api.person(name);
  const token = await invite(by, workspaceId, role === 'owner' ? 'admin' : role, projectIds);
  await person.call('POST /invitations/{token}/accept', { params: { token } });
  if (role === 'owner') {
    await by.call('PATCH /workspaces/{id}/members/{userId}', {
      params: { id: workspaceId, userId: person.id },
      body: { role },
    });
  }
  return person;
}

/** What several requests at once were answered, from the best to the worst. */
export const statusesOf = (answers: readonly RawAnswer[]): number[] =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);
