import { describe, expect, it } from 'vitest';
import { dueIn, type Moment, resolveMoment } from './moment.ts';
import { storyTasks } from './story/story.ts';
import { timelineOf } from './timeline.ts';

/** One morning of each day of a week, a minute after midnight and a minute before the next one. */
const momentsOfAWeek = Array.from({ length: 7 }, (_, day) => [
  new Date(2026, 10, 16 + day, 0, 1),
  new Date(2026, 10, 16 + day, 9, 30),
  new Date(2026, 10, 16 + day, 23, 59),
]).flat();

describe('a moment of the story', () => {
  it('is so many working days before, at a time of that day', () => {
    const monday = new Date(2026, 10, 23, 14, 0);
    expect(resolveMoment('-1d 09:30', monday)).toEqual(new Date(2026, 10, 20, 9, 30));
    expect(resolveMoment('-6d 16:05', monday)).toEqual(new Date(2026, 10, 13, 16, 5));
    expect(resolveMoment('40min', monday)).toEqual(new Date(2026, 10, 23, 13, 20));
  });

  it('is refused when it makes no sense', () => {
    const nonsense: Moment = `${-5}min`;
    expect(() => resolveMoment(nonsense, new Date())).toThrow('"-5min" is no moment of the story.');
  });

  it('due today ends today, also at a weekend; due on the next working day skips it', () => {
    const saturday = new Date(2026, 10, 21, 12, 0);
    expect(new Date(dueIn(0, saturday))).toEqual(new Date(2026, 10, 21, 23, 59));
    expect(new Date(dueIn(1, saturday))).toEqual(new Date(2026, 10, 23, 23, 59));
  });
});

describe('the story', () => {
  it.each(momentsOfAWeek)('is in the past and makes sense when it is told at %s', (now) => {
    const seen = new Set<string>();
    for (const { at, task, ...happening } of timelineOf(storyTasks, now)) {
      expect(at.getTime()).toBeLessThan(now.getTime());
      if (happening.kind === 'create') {
        expect(task.parent === undefined || seen.has(task.parent)).toBe(true);
        seen.add(task.ref);
      } else {
        expect(seen).toContain(task.ref);
        expect('link' in happening.step ? seen.has(happening.step.link.to) : true).toBe(true);
      }
    }
    expect(seen.size).toBe(storyTasks.length);
  });
});
