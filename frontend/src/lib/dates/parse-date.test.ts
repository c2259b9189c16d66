// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { parseDate } from './parse-date.ts';

// A Wednesday, just before noon.
const now = new Date(2026, 2, 4, 11, 30);
const at = (month: number, day: number, hours = 23, minutes = 59, year = 2026) =>
  new Date(year, month - 1, day, hours, minutes);

describe('parseDate', () => {
  it.each([
    ['today', at(3, 4)],
    ['tomorrow', at(3, 5)],
    ['tomorrow 9am', at(3, 5, 9, 0)],
    ['Tomorrow at 18:30', at(3, 5, 18, 30)],
    ['12am tomorrow', undefined],
    ['fri', at(3, 6)],
    ['Friday 5pm', at(3, 6, 17, 0)],
    ['wed', at(3, 11)],
    ['next monday', at(3, 9)],
    ['next week', at(3, 9)],
    ['in 2 weeks', at(3, 18)],
    ['in a month', at(4, 4)],
    ['3 days', at(3, 7)],
    ['noon', at(3, 4, 12, 0)],
    ['12pm', at(3, 4, 12, 0)],
    ['12am', at(3, 4, 0, 0)],
    ['3 apr', at(4, 3)],
    ['apr 3', at(4, 3)],
    ['1 mar', at(3, 1, 23, 59, 2027)],
    ['24 december 2027', at(12, 24, 23, 59, 2027)],
    ['2026-03-31', at(3, 31)],
    ['2026-03-31 08:15', at(3, 31, 8, 15)],
  ])('understands %j', (text, expected) => {
    expect(parseDate(text, now)).toEqual(expected);
  });

  it.each(['', 'soon', '31 feb', '2026-13-01', '25:00', 'tomorrow 13pm', 'frightening', 'in many weeks'])(
    'does not guess what %j means',
    (text) => {
      expect(parseDate(text, now)).toBeUndefined();
    },
  );
});
