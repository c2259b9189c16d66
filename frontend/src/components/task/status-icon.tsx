import type { StatusCategory } from '@taskflow/contract/projects';

interface StatusIconProps {
  readonly category: StatusCategory;
  readonly color: string;
  readonly size?: number;
}

/** A status by shape (how far the work is) and colour (which status it is). */
export function StatusIcon({ category, color, size = 14 }: StatusIconProps) {
  const ring = { fill: 'none', stroke: color, strokeWidth: 1.8 };
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden>
      {category === 'backlog' && <circle cx="8" cy="8" r="6.4" {...ring} strokeDasharray="2 2.02" />}
      {category === 'unstarted' && <circle cx="8" cy="8" r="6.4" {...ring} />}
      {category === 'started' && (
        <>
          <circle cx="8" cy="8" r="6.4" {...ring} />
          <path d="M8 4.4a3.6 3.6 0 0 1 0 7.2z" fill={color} />
        </>
      )}
      {category === 'completed' && (
        <>
          <circle cx="8" cy="8" r="7.2" fill={color} />
          <path
            d="m5 8.2 2.1 2.1L11 6.2"
            fill="none"
            stroke="#fff"
            strokeWidth="1.7"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </>
      )}
      {category === 'canceled' && (
        <>
          <circle cx="8" cy="8" r="7.2" fill={color} />
          <path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" stroke="#fff" strokeWidth="1.7" strokeLinecap="round" />
        </>
      )}
    </svg>
  );
}
