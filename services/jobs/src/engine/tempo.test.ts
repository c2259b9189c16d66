import { expect, it } from 'vitest';
import { createTempo } from './tempo.ts';

it('knows nothing about a type before one of its handlers has ended', () => {
  expect(createTempo().workMs('a')).toBeUndefined();
});

it('believes at once that a type has become slow, and little by little that it is quick again', () => {
  const tempo = createTempo();
  tempo.took('a', 2);
  tempo.took('a', 2_000);
  expect(tempo.workMs('a')).toBe(2_000);
  tempo.took('a', 2);
  expect(tempo.workMs('a')).toBeCloseTo(1_800, -1);
  for (let n = 0; n < 100; n += 1) {
    tempo.took('a', 2);
  }
  expect(tempo.workMs('a')).toBeLessThan(3);
});
