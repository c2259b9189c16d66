import { describe, expect, it } from 'vitest';
import { nextOccurrence } from './occurrences.ts';

const next = async (rule: string, start: string, after: string, timeZone = 'Europe/Berlin') =>
  (await nextOccurrence({ rule, startsAt: new Date(start), timeZone }, new Date(after)))?.toISOString();

describe('the next date of a rule', () => {
  it.each([
    ['FREQ=DAILY', '2026-06-01T08:00:00Z', '2026-06-01T08:00:00Z', '2026-06-02T08:00:00.000Z'],
    ['FREQ=WEEKLY;BYDAY=MO,TH', '2026-06-01T08:00:00Z', '2026-06-01T08:00:00Z', '2026-06-04T08:00:00.000Z'],
    ['FREQ=MONTHLY;BYMONTHDAY=31', '2026-01-31T08:00:00Z', '2026-01-31T08:00:00Z', '2026-03-31T07:00:00.000Z'],
    ['FREQ=MONTHLY;BYDAY=-1FR', '2026-01-30T08:00:00Z', '2026-02-01T08:00:00Z', '2026-02-27T08:00:00.000Z'],
    ['FREQ=YEARLY', '2024-02-29T08:00:00Z', '2024-03-01T08:00:00Z', '2028-02-29T08:00:00.000Z'],
    ['FREQ=WEEKLY;INTERVAL=2', '2026-06-01T08:00:00Z', '2026-06-20T08:00:00Z', '2026-06-29T08:00:00.000Z'],
    ['FREQ=DAILY;COUNT=2', '2026-06-01T08:00:00Z', '2026-06-02T08:00:00Z', undefined],
    ['FREQ=DAILY;UNTIL=20260603T000000Z', '2026-06-01T08:00:00Z', '2026-06-02T08:00:00Z', undefined],
  ])('%s from %s after %s is %s', async (rule, start, after, expected) => {
    expect(await next(rule, start, after)).toBe(expected);
  });

  it('keeps the time of the day when the clocks change', async () => {
    expect(await next('FREQ=WEEKLY', '2026-03-23T08:00:00Z', '2026-03-23T08:00:00Z')).toBe('2026-03-30T07:00:00.000Z');
    expect(await next('FREQ=WEEKLY', '2026-10-19T07:00:00Z', '2026-10-19T07:00:00Z')).toBe('2026-10-26T08:00:00.000Z');
  });

  it.each(['FREQ=DAILY;BYDAY=XX', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'FREQ=DAILY;INTERVAL=0'])(
    'is refused for %s',
    async (rule) => {
      await expect(next(rule, '2026-06-01T08:00:00Z', '2026-06-01T08:00:00Z')).rejects.toThrow(RangeError);
    },
  );
});
