/** What a person writes who creates a task. */
export const createTaskBody = {
  title: 'Replace the seal of pump 4',
  description: 'It drips since Monday. The part is on the shelf; mind the torque.\n\n- drain\n- replace\n- test',
  priority: 'high' as const,
  dueAt: '2026-12-01T12:00:00.000Z',
  estimate: 3,
};
