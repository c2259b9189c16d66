import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let olga: Person;
let stranger: Person;
let projectId: string;

beforeAll(async () => {
  api = await startTestApi();
  [olga, stranger] = [await api.person('Olga'), await api.person('Stan')];
  const { id } = await olga.call('POST /workspaces', { body: { name: 'Works' } });
  const project = await olga.call('POST /workspaces/{id}/projects', {
    params: { id },
    body: { name: 'Operations', key: 'OPS' },
  });
  projectId = project.id;
  await olga.call('POST /projects/{id}/tasks', { params: { id: projectId }, body: { title: 'Secret' } });
});

afterAll(() => api.stop());

describe('a list that is read in the same statement as the rights to it', () => {
  it.each(['', '?limit=0', '?cursor=forged', '?assignee=nobody', '?sort=secret'])(
    'tells a stranger nothing, not even what is wrong with %j',
    async (search) => {
      const path = `/api/v1/projects/${projectId}/tasks${search}`;
      const answer = await stranger.fetch(path);
      expect(answer.status).toBe(404);
      expect(answer.text).not.toContain('Secret');
      expect((await api.anonymous().fetch(path)).status).toBe(401);
      expect((await olga.fetch(path)).status).toBe(search === '' ? 200 : 422);
    },
  );
});
