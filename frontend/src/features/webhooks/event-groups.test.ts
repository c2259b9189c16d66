import { describe, expect, it } from 'vitest';
import { eventGroups, groupOf, typesOf } from './event-groups.ts';

describe('groups of events', () => {
  it.each(eventGroups)('%s is recognised by its types, in any order', (group) => {
    expect(groupOf(typesOf(group).toReversed())).toBe(group);
  });

  it('are no other choice', () => {
    expect(groupOf(['task.created'])).toBeUndefined();
    expect(typesOf('comments')).not.toContain('task.created');
  });
});
