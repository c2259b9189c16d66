import { describe, expect, it } from 'vitest';
import { createLanes } from './lanes.ts';

const room = { total: 10, of: { critical: 10, default: 10, bulk: 10 } };
const types = [{ type: 't', priority: 'default' }] as const;
const head = { type: 't', lane: 'a', runAt: '2026-01-01 00:00:01+00', id: '1', runAtMs: 1_000 };
const row = { type: 't', lane: 'a', state: 'queued', scope: '', dispatchNo: 1 } as const;

describe('positions in lanes', () => {
  it('are looked at from the beginning once after a reset, and kept when nothing is there', () => {
    const lanes = createLanes();
    lanes.found([head], 0);
    expect(lanes.plan(types, room)).toMatchObject([{ from: { id: '1' } }]);
    lanes.resetPositions();
    const fromStart = lanes.plan(types, room);
    expect(fromStart).toMatchObject([{ from: undefined }]);
    expect(lanes.took(fromStart, [], 1)).toBe(false);
    expect(lanes.plan(types, room)).toMatchObject([{ from: { id: '1' } }]);
  });

  it('go back to what was found there, as long as there may be more of it', () => {
    const lanes = createLanes();
    lanes.found([{ ...head, runAt: '2026-01-01 00:00:09+00', id: '9' }], 0);
    lanes.resetPositions();
    const early = Array.from({ length: 10 }, (_, n) => ({ ...row, jobId: String(n), runAt: '2026-01-01 00:00:01+00' }));
    expect(lanes.took(lanes.plan(types, room), early, 1)).toBe(true);
    expect(lanes.plan(types, room)).toMatchObject([{ from: { runAt: '2026-01-01 00:00:01+00', id: '9' } }]);
  });
});
