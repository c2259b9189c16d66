// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { t } from './translate.ts';

describe('t', () => {
  it('fills in placeholders', () => {
    expect(t('task.created', { key: 'OPS-1' })).toBe('OPS-1 created');
  });

  it('chooses the form by the count', () => {
    expect(t('task.comments', { count: 1 })).toBe('1 comment');
    expect(t('task.comments', { count: 0 })).toBe('0 comments');
  });

  it('does not fill in what a person typed', () => {
    expect(t('search.empty', { text: '{text} $1' })).toBe('Nothing found for “{text} $1”');
  });
});
