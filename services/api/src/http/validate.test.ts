import { routes } from '@taskflow/contract/api';
import { describe, expect, it } from 'vitest';
import { parseRequest } from './validate.ts';

const params = { id: 'x' };
const fieldsOf = (body: unknown, query: unknown = {}) => {
  try {
    parseRequest(routes['POST /projects/{id}/tasks'], { params, query, body });
  } catch (error) {
    return error instanceof Error && 'fields' in error ? error.fields : error;
  }
  return [];
};

describe('parseRequest', () => {
  it('names every field that is not valid, wherever it stands', () => {
    expect(fieldsOf({ title: '', priority: 'huge', assigneeIds: ['x'], extra: 1 })).toEqual([
      expect.objectContaining({ path: 'title' }),
      expect.objectContaining({ path: 'priority' }),
      expect.objectContaining({ path: 'assigneeIds.0' }),
      { path: 'extra', message: 'is not known here' },
    ]);
  });

  it('tells the fields of the query from those of the body', () => {
    const list = routes['GET /projects/{id}/tasks'];
    expect(() => parseRequest(list, { params, query: { limit: '-1', nonsense: '1' }, body: undefined })).toThrow(
      expect.objectContaining({
        fields: [expect.objectContaining({ path: 'query.limit' }), expect.objectContaining({ path: 'query.nonsense' })],
      }),
    );
  });

  it.each([
    ['a lone surrogate', '\uD800'],
    ['NUL', 'a\u0000b'],
    ['a line break', 'a\nb'],
    ['100,000 characters', 'x'.repeat(100_000)],
    ['a number', 7],
    ['nothing', null],
  ])('refuses a title that is %s', (_, title) => {
    expect(fieldsOf({ title })).toEqual([expect.objectContaining({ path: 'title' })]);
  });

  it('keeps emoji, right-to-left text and the 500th character', () => {
    expect(fieldsOf({ title: '👩‍🚀 שלום' })).toEqual([]);
    expect(fieldsOf({ title: 'x'.repeat(500) })).toEqual([]);
  });
});
