import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextRun, type Timing, timingProblem } from './timing.ts';

function runs(timing: Timing, after: string, count: number): string[] {
  const found: string[] = [];
  let at: Date | undefined = new Date(after);
  while (found.length < count && at !== undefined) {
    at = nextRun(timing, at);
    if (at !== undefined) {
      found.push(at.toISOString().replace('.000', ''));
    }
  }
  return found;
}

const berlin = (cron: string): Timing => ({ cron, timeZone: 'Europe/Berlin' });

describe('nextRun', () => {
  it('is strictly after the instant', () => {
    expect(runs(berlin('0 12 * * *'), '2026-06-01T10:00:00Z', 1)).toEqual(['2026-06-02T10:00:00Z']);
    expect(runs(berlin('0 12 * * *'), '2026-06-01T09:59:59.999Z', 1)).toEqual(['2026-06-01T10:00:00Z']);
  });

  it('runs a time that is left out when clocks go forward at the moment when they do', () => {
    expect(runs(berlin('30 2 * * *'), '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T01:30:00Z',
      '2026-03-29T01:00:00Z',
      '2026-03-30T00:30:00Z',
    ]);
  });

  it('runs a time that comes twice when clocks go back once, the first time', () => {
    expect(runs(berlin('30 2 * * *'), '2026-10-24T00:00:00Z', 3)).toEqual([
      '2026-10-24T00:30:00Z',
      '2026-10-25T00:30:00Z',
      '2026-10-26T01:30:00Z',
    ]);
    expect(runs(berlin('30 2 * * *'), '2026-10-25T01:10:00Z', 1)).toEqual(['2026-10-26T01:30:00Z']);
  });

  it('does the same for several times of a day', () => {
    expect(runs(berlin('0,30 2 * * *'), '2026-10-24T22:00:00Z', 3)).toEqual([
      '2026-10-25T00:00:00Z',
      '2026-10-25T00:30:00Z',
      '2026-10-26T01:00:00Z',
    ]);
    expect(runs(berlin('0,30 2 * * *'), '2026-03-28T22:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00Z',
      '2026-03-30T00:00:00Z',
    ]);
  });

  it('goes on every hour through both', () => {
    expect(runs(berlin('15 * * * *'), '2026-03-29T00:00:00Z', 3)).toEqual([
      '2026-03-29T00:15:00Z',
      '2026-03-29T01:15:00Z',
      '2026-03-29T02:15:00Z',
    ]);
    expect(runs(berlin('15 * * * *'), '2026-10-25T00:00:00Z', 3)).toEqual([
      '2026-10-25T00:15:00Z',
      '2026-10-25T01:15:00Z',
      '2026-10-25T02:15:00Z',
    ]);
  });

  it('knows midnights that do not exist, and steps of half an hour', () => {
    const saoPaulo = { cron: '0 0 * * *', timeZone: 'America/Sao_Paulo' };
    expect(runs(saoPaulo, '2018-11-03T12:00:00Z', 2)).toEqual(['2018-11-04T03:00:00Z', '2018-11-05T02:00:00Z']);
    const lordHowe = { cron: '45 1 * * *', timeZone: 'Australia/Lord_Howe' };
    expect(runs(lordHowe, '2026-04-04T00:00:00Z', 2)).toEqual(['2026-04-04T14:45:00Z', '2026-04-05T15:15:00Z']);
  });

  it('runs once a day, wherever the day has 23, 24 or 25 hours', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'America/Santiago',
      'Australia/Lord_Howe',
      'UTC',
    );
    const minutes = fc.integer({ min: 0, max: 59 });
    const hours = fc.integer({ min: 0, max: 23 });
    const starts = fc.date({ min: new Date('2024-01-01'), max: new Date('2028-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(zones, minutes, hours, starts, (timeZone, minute, hour, start) => {
        const days = runs({ cron: `${minute} ${hour} * * *`, timeZone }, start.toISOString(), 10).map((run) =>
          new Date(run).toLocaleDateString('sv', { timeZone }),
        );
        expect(new Set(days).size).toBe(10);
        const [first = '', last = ''] = [days[0], days.at(-1)];
        expect((Date.parse(last) - Date.parse(first)) / 86_400_000).toBe(9);
      }),
      { numRuns: 200 },
    );
  });
});

describe('timingProblem', () => {
  it.each(['* * * * *', '0 9 * * 1-5', '0 0 L * *', ' 5 4 * * SUN '])('has nothing against %j', (cron) => {
    expect(timingProblem(berlin(cron))).toBeUndefined();
  });

  it.each(['', 'now', '@daily', '* * * * * *', '60 * * * *', '2026-01-01T00:00:00', '0 0 31 2 *', '* * * *'])(
    'names the field of %j',
    (cron) => {
      expect(timingProblem(berlin(cron))?.field).toBe('cron');
    },
  );

  it('names a time zone that is none', () => {
    expect(timingProblem({ cron: '0 0 * * *', timeZone: 'Mars/Olympus' })?.field).toBe('timeZone');
  });
});
