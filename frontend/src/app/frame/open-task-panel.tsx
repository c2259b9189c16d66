import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';

const TaskPanel = lazy(async () => ({ default: (await import('../../features/task/task-panel.tsx')).TaskPanel }));
const route = getRouteApi('/signed-in/w/$workspace');

/** The panel of the task that the address names. */
export function OpenTaskPanel() {
  const { task } = route.useSearch();
  if (task === undefined) return null;
  return (
    <Suspense fallback={null}>
      <TaskPanel taskKey={task} />
    </Suspense>
  );
}
