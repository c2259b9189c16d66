import type { Project } from '@taskflow/contract/projects';
import type { CreateTaskBody, Task } from '@taskflow/contract/tasks';
import type { Workspace } from '@taskflow/contract/workspaces';
import type { Person, Product } from './product.ts';

/** A workspace with one project, and its people. */
export interface Team {
  readonly workspace: Workspace;
  readonly project: Project;
  readonly owner: Person;
  /** Ids of the project's statuses by name. */
  readonly statusIds: ReadonlyMap<string, string>;
  /** The address of a page of the project, such as `board`. */
  address(view: string): string;
  /** Somebody new in the workspace. */
  member(name: string): Promise<Person>;
  /** Creates a task as the owner. */
  task(title: string, fields?: Partial<CreateTaskBody> & { readonly status?: string }): Promise<Task>;
}

/** Makes a team over the API, for tests that are about something else. */
export async function createTeam(product: Product, ownerName = 'Ann Berg'): Promise<Team> {
  const owner = await product.person(ownerName);
  const { client } = owner;
  const workspace = await client.call('POST /workspaces', { body: { name: 'Harbour Works' } });
  const project = await client.call('POST /workspaces/{id}/projects', {
    params: { id: workspace.id },
    body: { name: 'Quay repairs', key: 'QUAY' },
  });
  const statuses = await client.call('GET /projects/{id}/statuses', { params: { id: project.id } });
  const statusIds = new Map(statuses.items.map(({ name, id }) => [name, id]));
  return {
    workspace,
    project,
    owner,
    statusIds,
    address: (view) => `/w/${workspace.slug}/p/${project.key}/${view}`,
    async member(name) {
      const person = await product.person(name);
      const { url } = await client.call('POST /workspaces/{id}/invitations', {
        params: { id: workspace.id },
        body: { email: person.user.email, role: 'member' },
      });
      await person.client.call('POST /invitations/{token}/accept', {
        params: { token: url.slice(url.lastIndexOf('/') + 1) },
      });
      return person;
    },
    task(title, { status, ...fields } = {}) {
      const statusId = status === undefined ? undefined : statusIds.get(status);
      return client.call('POST /projects/{id}/tasks', {
        params: { id: project.id },
        body: { ...fields, title, ...(statusId !== undefined && { statusId }) },
      });
    },
  };
}
