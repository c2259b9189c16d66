import type { Priority } from '@taskflow/contract/tasks';

const colors: Record<Priority, string> = {
  none: 'var(--text-3)',
  low: 'var(--text-2)',
  medium: 'var(--priority-medium)',
  high: 'var(--priority-high)',
  urgent: 'var(--priority-urgent)',
};
const filledBars: Record<Priority, number> = { none: 0, low: 1, medium: 2, high: 3, urgent: 3 };

/** A priority by shape and colour: rising bars, or a mark for urgent. */
export function PriorityIcon({ priority, size = 14 }: { readonly priority: Priority; readonly size?: number }) {
  const color = colors[priority];
  if (priority === 'none') {
    return (
      <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden>
        <path d="M2.5 8h2M7 8h2M11.5 8h2" stroke={color} strokeWidth="1.8" strokeLinecap="round" />
      </svg>
    );
  }
  if (priority === 'urgent') {
    return (
      <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden>
        <rect x="1" y="1" width="14" height="14" rx="3.5" fill={color} />
        <path d="M8 4v5M8 11.6v.2" stroke="var(--bg-raised)" strokeWidth="2" strokeLinecap="round" />
      </svg>
    );
  }
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden>
      {[0, 1, 2].map((bar) => (
        <rect
          key={bar}
          x={1.5 + bar * 4.75}
          y={9 - bar * 3.5}
          width="3.5"
          height={5 + bar * 3.5}
          rx="1"
          fill={color}
          opacity={bar < filledBars[priority] ? 1 : 0.28}
        />
      ))}
    </svg>
  );
}
