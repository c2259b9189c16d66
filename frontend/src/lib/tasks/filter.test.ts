// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aTask } from '../../testing/samples.ts';
import { parseSearch, stringifySearch } from '../search-params.ts';
import { dueBuckets } from '../dates/day.ts';
import { groupings, matchesFilter, parseViewSearch, type ViewSearch } from './filter.ts';
import { defaultsOfFilter } from './filter-defaults.ts';
import { prioritiesDescending, taskOrders } from './order.ts';

const now = new Date(2026, 2, 4, 12);
const context = { userId: 'ada', now, matchingIds: undefined };

const ids = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 4 });
const view = fc.record(
  {
    status: ids,
    assignee: fc.oneof(ids, fc.constant(['me', 'none'])),
    label: ids,
    priority: fc.subarray([...prioritiesDescending], { minLength: 1 }),
    due: fc.subarray([...dueBuckets], { minLength: 1 }),
    q: fc.string({ minLength: 1, maxLength: 40 }).filter((text) => text.trim() === text && text !== ''),
    sort: fc.constantFrom(...taskOrders),
    group: fc.constantFrom(...groupings),
  },
  { requiredKeys: [] },
);

describe('a view in the address', () => {
  it('comes back from the address as it went in', () => {
    fc.assert(
      fc.property(view, (search: ViewSearch) => {
        expect(parseViewSearch(parseSearch(stringifySearch({ ...search })))).toEqual(search);
      }),
    );
  });

  it('is readable', () => {
    expect(stringifySearch({ priority: ['urgent', 'high'], task: 'OPS-42' })).toBe('?priority=urgent,high&task=OPS-42');
  });

  it('leaves out what makes no sense', () => {
    expect(parseViewSearch(parseSearch('?priority=huge,low&due=&sort=color&group=label&q=%20'))).toEqual({
      priority: ['low'],
      group: 'label',
    });
  });
});

describe('matchesFilter', () => {
  it('takes any word of a field, and asks for every field', () => {
    const filter = { priority: ['high', 'urgent'], status: ['todo'] } as const;
    expect(matchesFilter(aTask({ priority: 'high' }), filter, context)).toBe(true);
    expect(matchesFilter(aTask({ priority: 'high', statusId: 'done' }), filter, context)).toBe(false);
    expect(matchesFilter(aTask({ priority: 'low' }), filter, context)).toBe(false);
  });

  it('knows the person as "me", and nobody as "none"', () => {
    expect(matchesFilter(aTask({ assigneeIds: ['ada'] }), { assignee: ['me'] }, context)).toBe(true);
    expect(matchesFilter(aTask({ assigneeIds: ['jonas'] }), { assignee: ['me'] }, context)).toBe(false);
    expect(matchesFilter(aTask(), { assignee: ['me', 'none'] }, context)).toBe(true);
  });

  it('counts as overdue only what is still open', () => {
    const past = new Date(2026, 2, 1).toISOString();
    expect(matchesFilter(aTask({ dueAt: past }), { due: ['overdue'] }, context)).toBe(true);
    expect(matchesFilter(aTask({ dueAt: past, category: 'completed' }), { due: ['overdue'] }, context)).toBe(false);
  });

  it('shows nothing for a text until the API has found the tasks', () => {
    expect(matchesFilter(aTask(), { q: 'keys' }, context)).toBe(false);
    expect(matchesFilter(aTask(), { q: 'keys' }, { ...context, matchingIds: new Set(['task-1']) })).toBe(true);
  });
});

describe('defaultsOfFilter', () => {
  it('hands on what the filter says unambiguously', () => {
    expect(
      defaultsOfFilter({ priority: ['high'], assignee: ['me'], label: ['none'], status: ['a', 'b'] }, 'ada'),
    ).toEqual({
      priority: 'high',
      assigneeIds: ['ada'],
    });
  });
});
