/** Tasks that come again. */
export const recurrence = {
  'repeat.name': 'Repeats',
  'repeat.never': 'Never',
  'repeat.daily': 'Every day',
  'repeat.weekdays': 'Monday to Friday',
  'repeat.weekly': 'Every {weekday}',
  'repeat.monthly': 'Every month on day {day}',
  'repeat.yearly': 'Every year on {day}',
  'repeat.other': 'By its own rule: {rule}',
  'repeat.mode': 'The next one comes',
  'repeat.mode.completion': 'once this one is done',
  'repeat.mode.schedule': 'once this one is due',
  'repeat.failed': 'Could not change how the task repeats',
  'field.recurrence': 'when it repeats',
} as const;
