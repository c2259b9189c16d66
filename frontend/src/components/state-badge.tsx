import '@mantine/core/styles/Badge.layer.css';
import { Badge } from '@mantine/core';

/** How something does, from well to broken. */
export type StateTone = 'good' | 'busy' | 'idle' | 'warning' | 'bad';

const colors: Readonly<Record<StateTone, string>> = {
  good: 'green',
  busy: 'blue',
  idle: 'gray',
  warning: 'orange',
  bad: 'red',
};

interface StateBadgeProps {
  readonly tone: StateTone;
  readonly children: string;
}

/** A state as a word on its colour; the word says it all, the colour helps to find it. */
export function StateBadge({ tone, children }: StateBadgeProps) {
  return (
    <Badge size="sm" variant="light" color={colors[tone]} tt="none" fw={500} style={{ flexShrink: 0 }}>
      {children}
    </Badge>
  );
}
