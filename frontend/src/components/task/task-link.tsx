import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface TaskLinkProps {
  readonly taskKey: string;
  readonly className?: string | undefined;
  readonly describedBy?: string | undefined;
  readonly children: ReactNode;
}

/** Opens a task's panel over the page in view. */
export function TaskLink({ taskKey, className, describedBy, children }: TaskLinkProps) {
  return (
    <Link
      to="."
      search={(search) => ({ ...search, task: taskKey })}
      className={className}
      preload={false}
      draggable={false}
      aria-describedby={describedBy}
      resetScroll={false}
    >
      {children}
    </Link>
  );
}
