import { createLocalRateLimiter } from '@taskflow/redis';
import { describe, expect, it } from 'vitest';
import { type Limiters, spend } from './limits.ts';

const local = (points: number) => createLocalRateLimiter({ points, durationSeconds: 60, now: () => 0 });

/** A limit that is shared in production; its own tests are in the redis package. */
function shared(points: number): Limiters['writes'] {
  const counted = local(points);
  return {
    consume: (key) => Promise.resolve(counted.consume(key)),
    check: (key) => Promise.resolve(counted.consume(key)),
    reset: () => Promise.resolve(),
  };
}

const limiters = (): Limiters => ({
  addresses: local(5),
  reads: local(2),
  writes: shared(1),
  special: { login: shared(1), register: shared(1), forgot: shared(1) },
});
const request = { isWrite: false, key: 'session', ip: '192.0.2.1', special: undefined } as const;
const refused = { code: 'too_many_requests', retryAfterSeconds: 60 };

describe('spend', () => {
  it('counts reads and writes of a caller apart', async () => {
    const set = limiters();
    const hit: string[] = [];
    const onLimited = (limit: string) => void hit.push(limit);
    await spend(set, request, onLimited);
    await spend(set, { ...request, isWrite: true }, onLimited);
    await spend(set, request, onLimited);
    await expect(spend(set, request, onLimited)).rejects.toMatchObject(refused);
    await expect(spend(set, { ...request, isWrite: true }, onLimited)).rejects.toMatchObject(refused);
    expect(hit).toEqual(['reads', 'writes']);
  });

  it('bounds what an address may cost with a new credential each time', async () => {
    const set = limiters();
    const attempt = (n: number) => spend(set, { ...request, key: `made up ${n}` }, () => undefined);
    for (let n = 0; n < 5; n += 1) {
      await attempt(n);
    }
    await expect(attempt(6)).rejects.toMatchObject(refused);
    await expect(spend(set, { ...request, ip: '192.0.2.2' }, () => undefined)).resolves.toBeUndefined();
  });
});
