import { describe, expect, it } from 'vitest';
import { read } from './endpoint.ts';
import { noContent } from './reply.ts';
import { createRouter } from './router.ts';

const answer = async () => noContent();
const router = createRouter([
  read('GET /tasks/{id}', 'task', answer),
  read('PATCH /tasks/{id}', 'task', answer),
  read('POST /tasks/{id}/move', 'task', answer),
]);

describe('createRouter', () => {
  it('finds an endpoint with its decoded parameters, also for HEAD', () => {
    expect(router.match('GET', '/api/v1/tasks/OPS%2D42')).toMatchObject({
      kind: 'endpoint',
      endpoint: { key: 'GET /tasks/{id}' },
      params: { id: 'OPS-42' },
    });
    expect(router.match('HEAD', '/api/v1/tasks/1')).toMatchObject({ kind: 'endpoint' });
  });

  it('tells which methods a path has', () => {
    expect(router.match('DELETE', '/api/v1/tasks/1')).toEqual({ kind: 'wrong-method', allow: 'GET, PATCH, HEAD' });
    expect(router.match('BREW', '/api/v1/tasks/1/move')).toEqual({ kind: 'wrong-method', allow: 'POST' });
  });

  it.each(['/api/v1/nothing', '/tasks/1', '/api/v1/tasks/%E0%A4%A', `/api/v1/tasks/${'x'.repeat(500)}`])(
    'does not know %s',
    (path) => {
      expect(router.match('GET', path)).toEqual({ kind: 'unknown' });
    },
  );

  it('refuses two endpoints for one route', () => {
    expect(() => createRouter([read('GET /me', 'caller', answer), read('GET /me', 'caller', answer)])).toThrow(
      RangeError,
    );
  });
});
