import type { StoryTask } from './story-task.ts';

/** Booking site: the second half of what the team has behind it. */
export const bookingDone: readonly StoryTask[] = [
  {
    ref: 'search',
    project: 'BOOK',
    at: '-22d 10:20',
    by: 'priya',
    title: 'Find the nearest workshop by postcode',
    description: 'Five results at most, nearest first, with the next free time beside each.',
    assignees: ['jonas', 'priya'],
    labels: ['Frontend'],
    estimate: 3,
    steps: [
      { at: '-20d 09:00', by: 'priya', move: 'In progress' },
      { at: '-16d 16:30', by: 'priya', move: 'Done' },
    ],
  },
  {
    ref: 'catalogue',
    project: 'BOOK',
    at: '-21d 09:00',
    by: 'maya',
    title: 'Repair catalogue with a fixed price for each repair',
    description: `24 repairs cover nine of ten visits. Prices come from LAUNCH and are kept per workshop, with one default.`,
    assignees: ['jonas'],
    labels: ['Backend', 'Content'],
    priority: 'medium',
    estimate: 3,
    steps: [
      { at: '-19d 10:00', by: 'jonas', move: 'In progress' },
      { at: '-15d 15:15', by: 'jonas', move: 'Done' },
    ],
  },
  {
    ref: 'form',
    project: 'BOOK',
    at: '-17d 13:00',
    by: 'priya',
    title: 'Booking form: bike, repair, time, contact',
    description: `Four steps on a phone, one page on a desktop. Going back never loses what was typed.

- [x] Price is visible from the second step on
- [x] Works without a mouse
- [x] Says what is wrong next to the field`,
    assignees: ['priya'],
    labels: ['Frontend', 'Design'],
    priority: 'high',
    estimate: 8,
    steps: [
      { at: '-16d 09:10', by: 'priya', move: 'In progress' },
      {
        at: '-12d 15:20',
        by: 'priya',
        say: `On the preview for anybody who wants to break it. @Maya, could you try it on your old phone?`,
      },
      {
        at: '-12d 16:45',
        by: 'maya',
        say: `Booked three repairs on the train. 1:40 from start to end. The keyboard covers the price on small screens, otherwise lovely.`,
      },
      { at: '-9d 11:00', by: 'priya', move: 'Done' },
    ],
  },
  {
    ref: 'mail',
    project: 'BOOK',
    at: '-14d 09:30',
    by: 'jonas',
    title: 'Confirmation e-mail with a calendar file',
    assignees: ['jonas'],
    labels: ['Backend', 'Content'],
    estimate: 3,
    steps: [
      { at: '-10d 09:20', by: 'jonas', move: 'In progress' },
      { at: '-7d 14:00', by: 'jonas', move: 'Done' },
    ],
  },
  {
    ref: 'double',
    project: 'BOOK',
    at: '-12d 11:15',
    by: 'maya',
    title: 'Two people can book the same time when both press at once',
    description: `Happened in the workshop in Lund during the trial: 09:30 was sold twice.

**Expected:** the second person is told kindly and sees the next free time.`,
    assignees: ['jonas'],
    labels: ['Bug', 'Backend'],
    priority: 'urgent',
    dueDay: -10,
    estimate: 2,
    steps: [
      { at: '-12d 11:40', by: 'jonas', move: 'In progress' },
      {
        at: '-11d 10:30',
        by: 'jonas',
        say: `Reproduced. The check and the insert were two statements. Now the database itself refuses an overlap:

\`\`\`sql
exclude using gist (stand_id with =, during with &&)
\`\`\`

With 50 people pressing at once exactly one gets it, 1,000 times in a row.`,
      },
      { at: '-10d 09:15', by: 'jonas', move: 'Done' },
    ],
  },
  {
    ref: 'picker',
    project: 'BOOK',
    at: '-11d 10:00',
    by: 'priya',
    title: 'Date picker that works with a keyboard and a screen reader',
    assignees: ['priya'],
    labels: ['Frontend', 'Design'],
    estimate: 5,
    steps: [
      { at: '-9d 11:15', by: 'priya', move: 'In progress' },
      { at: '-4d 15:40', by: 'priya', move: 'Done' },
    ],
  },
  {
    ref: 'zone',
    project: 'BOOK',
    at: '-8d 09:50',
    by: 'priya',
    title: "Times are shown in the visitor's time zone, not the workshop's",
    description: 'Somebody booked from London and came an hour late.',
    assignees: ['jonas'],
    labels: ['Bug', 'Frontend'],
    priority: 'high',
    estimate: 1,
    steps: [
      { at: '-7d 14:10', by: 'jonas', move: 'In progress' },
      { at: '-6d 10:30', by: 'jonas', move: 'Done' },
    ],
  },
];
