import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { readStored, writeStored } from '../../lib/stored.ts';

const narrowestPx = 420;
const widestPx = 960;
const usualPx = 520;
const stepPx = 24;

const within = (width: number) => Math.min(widestPx, Math.max(narrowestPx, Math.round(width)));

/** The width of the task panel, dragged by its left edge or changed by arrow keys; the browser remembers it. */
export function usePanelWidth() {
  const [width, setWidth] = useState(() => within(Number(readStored('panel-width') ?? usualPx)));
  const keep = (next: number) => {
    setWidth(within(next));
    writeStored('panel-width', String(within(next)));
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const grip = event.currentTarget;
    const right = grip.parentElement?.getBoundingClientRect().right ?? 0;
    grip.setPointerCapture(event.pointerId);
    const onMove = (move: globalThis.PointerEvent) => keep(right - move.clientX);
    grip.addEventListener('pointermove', onMove);
    grip.addEventListener('lostpointercapture', () => grip.removeEventListener('pointermove', onMove), { once: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') keep(width + stepPx);
    else if (event.key === 'ArrowRight') keep(width - stepPx);
  };
  return {
    width,
    grip: { onPointerDown, onKeyDown, 'aria-valuenow': width, 'aria-valuemin': narrowestPx, 'aria-valuemax': widestPx },
  };
}
