import type { Executor } from '@taskflow/db';
import { createTaskService, type ProjectAccess, type TaskService, type UnitOfWorkRunner } from '@taskflow/domain';
import type { World } from './seed.ts';
import { placeholders, type Statement } from './statement.ts';

/** The first person of the world, in its first project. */
export function projectAccess(world: World): ProjectAccess {
  return {
    caller: {
      userId: world.userIds[0] ?? '',
      isOperator: false,
      credential: 'session',
      credentialId: placeholders.id,
      scopes: ['read', 'write', 'admin'],
    },
    workspace: { id: world.workspaceId, slug: 'bench', role: 'owner' },
    project: { id: world.projectIds[0] ?? '', key: 'PA', visibility: 'workspace', role: 'member' },
  };
}

/** Answers the very statement that the product runs for a call, so that a baseline can run it too. */
export async function capture(call: (tasks: TaskService, database: Executor) => Promise<unknown>): Promise<Statement> {
  const captured: Statement[] = [];
  const stop = new Error('captured');
  const units: UnitOfWorkRunner = {
    database: {
      query(statement) {
        captured.push({ text: statement.text, values: statement.values });
        return Promise.reject(stop);
      },
    },
    run: () => Promise.reject(stop),
    committed: () => undefined,
    cause: () => ({}),
  };
  await call(createTaskService({ units, newId: () => placeholders.id }), units.database).catch((error: unknown) => {
    if (error !== stop) {
      throw error;
    }
  });
  const [statement] = captured;
  if (statement === undefined) {
    throw new Error('no statement was sent');
  }
  return statement;
}
