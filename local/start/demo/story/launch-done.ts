import type { StoryTask } from './story-task.ts';

/** Spring launch: what is done, and the training. */
export const launchDone: readonly StoryTask[] = [
  {
    ref: 'first-five',
    project: 'LAUNCH',
    at: '-30d 13:00',
    by: 'priya',
    title: 'Agree on the five workshops that go first',
    description: `Different sizes, one in each town, and a person in each who wants it.

| Workshop | Stands | Contact |
| --- | --- | --- |
| Malmö Möllevången | 4 | Sara |
| Malmö Limhamn | 2 | Tobias |
| Lund Centrum | 3 | Anders |
| Helsingborg Söder | 3 | Karin |
| Landskrona | 2 | Ulf |`,
    assignees: ['priya'],
    labels: ['Workshops'],
    priority: 'high',
    estimate: 3,
    steps: [
      { at: '-30d 13:30', by: 'priya', move: 'In progress' },
      { at: '-25d 11:00', by: 'priya', say: 'All five said yes. Ulf would like to start a week later; that is fine.' },
      { at: '-24d 16:10', by: 'priya', move: 'Done' },
    ],
  },
  {
    ref: 'name',
    project: 'LAUNCH',
    at: '-29d 09:20',
    by: 'maya',
    title: 'Choose the web address',
    assignees: ['maya'],
    labels: ['Content'],
    estimate: 1,
    steps: [{ at: '-27d 10:05', by: 'maya', move: 'Done' }],
  },
  {
    ref: 'budget',
    project: 'LAUNCH',
    at: '-28d 10:30',
    by: 'maya',
    title: 'Budget for the first three months',
    assignees: ['maya'],
    estimate: 2,
    steps: [
      { at: '-27d 13:00', by: 'maya', move: 'In progress' },
      { at: '-22d 15:20', by: 'maya', move: 'Done' },
    ],
  },
  {
    ref: 'prices',
    project: 'LAUNCH',
    at: '-24d 10:00',
    by: 'priya',
    title: 'One price list that holds in every workshop',
    description: 'Twenty-four repairs, one price each, parts named. What is not on the list is "please look".',
    assignees: ['priya', 'maya'],
    labels: ['Workshops', 'Content'],
    priority: 'high',
    estimate: 5,
    steps: [
      { at: '-23d 09:10', by: 'priya', move: 'In progress' },
      { at: '-21d 09:05', by: 'maya', link: { type: 'blocks', to: 'catalogue' } },
      {
        at: '-19d 09:45',
        by: 'priya',
        say: `Everybody agrees on 23 of 24. Wheel truing is 20 minutes in Lund and 45 in Landskrona, so that one has two prices.`,
      },
      { at: '-19d 09:50', by: 'priya', move: 'Done' },
    ],
  },
  {
    ref: 'provider',
    project: 'LAUNCH',
    at: '-20d 14:00',
    by: 'maya',
    title: 'Contract with the card provider',
    assignees: ['maya'],
    labels: ['Payments'],
    priority: 'high',
    estimate: 2,
    steps: [
      { at: '-18d 09:00', by: 'maya', move: 'In progress' },
      { at: '-9d 09:05', by: 'maya', link: { type: 'blocks', to: 'payments' } },
      { at: '-9d 16:40', by: 'maya', move: 'Done' },
    ],
  },
  {
    ref: 'photos',
    project: 'LAUNCH',
    at: '-16d 10:15',
    by: 'priya',
    title: 'Photographs in two workshops',
    description: 'Real mechanics, real bikes, daylight. No stock pictures.',
    assignees: ['priya'],
    labels: ['Design'],
    estimate: 3,
    steps: [
      { at: '-11d 13:00', by: 'priya', move: 'In progress' },
      { at: '-8d 17:00', by: 'priya', say: '62 pictures, 14 good ones. They are in the shared folder.' },
      { at: '-8d 17:05', by: 'priya', move: 'Done' },
    ],
  },
  {
    ref: 'training',
    project: 'LAUNCH',
    at: '-13d 13:30',
    by: 'priya',
    title: 'Train the mechanics: one evening in each workshop',
    description: `Ninety minutes with pizza. At the end everybody has taken a booking, moved it and marked a bike as ready.

Bring the tablet and two spare chargers.`,
    assignees: ['priya'],
    labels: ['Workshops'],
    priority: 'high',
    startDay: -3,
    dueDay: 4,
    estimate: 5,
    steps: [
      { at: '-3d 09:00', by: 'priya', move: 'In progress' },
      { at: '-2d 09:10', by: 'priya', say: 'Möllevången went well: eleven people, twelve questions, all good ones.' },
    ],
  },
  {
    ref: 'training-malmo',
    project: 'LAUNCH',
    at: '-13d 13:35',
    by: 'priya',
    title: 'Malmö Möllevången and Limhamn',
    parent: 'training',
    assignees: ['priya'],
    dueDay: -3,
    steps: [{ at: '-2d 09:05', by: 'priya', move: 'Done' }],
  },
  {
    ref: 'training-lund',
    project: 'LAUNCH',
    at: '-13d 13:36',
    by: 'priya',
    title: 'Lund Centrum',
    parent: 'training',
    assignees: ['priya'],
    dueDay: 0,
    steps: [{ at: '-1d 11:30', by: 'priya', move: 'To do' }],
  },
  {
    ref: 'training-north',
    project: 'LAUNCH',
    at: '-13d 13:37',
    by: 'priya',
    title: 'Helsingborg Söder and Landskrona',
    parent: 'training',
    assignees: ['priya', 'maya'],
    dueDay: 3,
    steps: [{ at: '-1d 11:31', by: 'priya', move: 'To do' }],
  },
];
