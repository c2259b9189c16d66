import { describe, expect, it } from 'vitest';
import { endOfQuiet, lastMorning } from './local-time.ts';

const morning = (now: string, zone: string) => lastMorning(new Date(now), zone).toISOString();
const quietEnd = (now: string, from: string, until: string, zone: string) =>
  endOfQuiet(new Date(now), { from, until }, zone)?.toISOString();

describe('the last morning', () => {
  it.each([
    ['2026-06-10T08:00:00Z', 'UTC', '2026-06-10T08:00:00.000Z'],
    ['2026-06-10T07:59:59Z', 'UTC', '2026-06-09T08:00:00.000Z'],
    ['2026-06-10T06:30:00Z', 'Europe/Berlin', '2026-06-10T06:00:00.000Z'],
    ['2026-06-10T01:00:00Z', 'Asia/Kolkata', '2026-06-09T02:30:00.000Z'],
    ['2026-06-10T02:30:00Z', 'Asia/Kolkata', '2026-06-10T02:30:00.000Z'],
    ['2026-06-10T23:00:00Z', 'Pacific/Auckland', '2026-06-10T20:00:00.000Z'],
  ])('at %s in %s was at %s', (now, zone, expected) => {
    expect(morning(now, zone)).toBe(expected);
  });

  it('follows the clocks in spring and in autumn', () => {
    expect(morning('2026-03-28T12:00:00Z', 'Europe/Berlin')).toBe('2026-03-28T07:00:00.000Z');
    expect(morning('2026-03-29T12:00:00Z', 'Europe/Berlin')).toBe('2026-03-29T06:00:00.000Z');
    expect(morning('2026-10-25T12:00:00Z', 'Europe/Berlin')).toBe('2026-10-25T07:00:00.000Z');
  });
});

describe('quiet hours', () => {
  it.each([
    ['2026-06-10T21:00:00Z', '22:00', '07:00', '2026-06-11T05:00:00.000Z'],
    ['2026-06-11T04:59:00Z', '22:00', '07:00', '2026-06-11T05:00:00.000Z'],
    ['2026-06-11T05:00:00Z', '22:00', '07:00', undefined],
    ['2026-06-10T19:59:00Z', '22:00', '07:00', undefined],
    ['2026-06-10T10:30:00Z', '12:00', '13:00', '2026-06-10T11:00:00.000Z'],
    ['2026-06-10T11:00:00Z', '12:00', '13:00', undefined],
  ])('at %s from %s until %s in Berlin end at %s', (now, from, until, expected) => {
    expect(quietEnd(now, from, until, 'Europe/Berlin')).toBe(expected);
  });

  it('end after the hour that is left out in spring, and at the first of the two in autumn', () => {
    expect(quietEnd('2026-03-28T23:00:00Z', '22:00', '02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
    expect(quietEnd('2026-10-24T22:00:00Z', '22:00', '02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
  });

  it('are none where nobody set them', () => {
    expect(endOfQuiet(new Date(), undefined, 'UTC')).toBeUndefined();
  });
});
