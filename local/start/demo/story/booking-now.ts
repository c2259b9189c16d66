import type { StoryTask } from './story-task.ts';

/** Booking site: what is being worked on. */
export const bookingNow: readonly StoryTask[] = [
  {
    ref: 'payments',
    project: 'BOOK',
    at: '-9d 09:00',
    by: 'maya',
    title: 'Take a deposit by card when booking',
    description: `Twenty per cent, at most 150 kr. Without it one in six does not show up; the two workshops that ask for a deposit lose one in forty.

- Charged only when the workshop confirms
- Given back in full until noon the day before
- The receipt shows VAT

The provider's test account is in the password manager.`,
    assignees: ['jonas'],
    labels: ['Payments', 'Backend'],
    priority: 'high',
    startDay: -5,
    dueDay: 2,
    estimate: 8,
    steps: [
      { at: '-6d 10:45', by: 'jonas', move: 'In progress' },
      {
        at: '-4d 17:10',
        by: 'jonas',
        say: `Paying works end to end in the test account. Left: refunds and receipts. I split them off so that we can see them move.`,
      },
      {
        at: '-2d 09:40',
        by: 'maya',
        say: `@Jonas the provider wants our refund rule in writing before they switch us to live. I put a draft into the privacy notice; @Priya, could you read it as a customer would?`,
      },
      { at: '-2d 13:25', by: 'priya', say: 'Read it. Two sentences shorter and in plain words; otherwise good.' },
    ],
  },
  {
    ref: 'webhooks',
    project: 'BOOK',
    at: '-4d 17:15',
    by: 'jonas',
    title: "Check the signature of the provider's messages",
    parent: 'payments',
    assignees: ['jonas'],
    labels: ['Payments'],
    estimate: 1,
    steps: [
      { at: '-3d 09:30', by: 'jonas', move: 'In progress' },
      { at: '-3d 15:05', by: 'jonas', move: 'Done' },
    ],
  },
  {
    ref: 'receipts',
    project: 'BOOK',
    at: '-4d 17:18',
    by: 'jonas',
    title: 'Receipts with VAT, as a page and as a file',
    parent: 'payments',
    assignees: ['jonas'],
    labels: ['Payments'],
    dueDay: 1,
    estimate: 2,
    steps: [{ at: '-1d 09:25', by: 'jonas', move: 'In progress' }],
  },
  {
    ref: 'refunds',
    project: 'BOOK',
    at: '-4d 17:20',
    by: 'jonas',
    title: 'Give the deposit back when a booking is cancelled in time',
    parent: 'payments',
    assignees: ['jonas'],
    labels: ['Payments'],
    dueDay: 2,
    estimate: 3,
    steps: [{ at: '-4d 17:22', by: 'jonas', move: 'To do' }],
  },
  {
    ref: 'day-view',
    project: 'BOOK',
    at: '-10d 13:00',
    by: 'priya',
    title: "The mechanic's day on a tablet",
    description: `Hangs on the wall between the stands, so it must be readable from two metres and usable with gloves.

> "I do not want to look for anything. Show me the next bike." – Anders, Lund

**In:** today's bookings, what each bike needs, *arrived* / *ready* buttons.
**Out:** changing a booking, prices, statistics.`,
    assignees: ['priya', 'jonas'],
    labels: ['Frontend', 'Design'],
    priority: 'high',
    startDay: -4,
    dueDay: 1,
    estimate: 5,
    steps: [
      { at: '-4d 15:45', by: 'priya', move: 'In progress' },
      {
        at: '-2d 16:30',
        by: 'priya',
        say: `Tried it with Anders this afternoon. *Arrived* and *ready* were too close to each other with gloves on; they are on opposite sides now.`,
      },
      { at: '50min', by: 'jonas', say: 'The list is live: a new booking shows up on the tablet within a second.' },
    ],
  },
  {
    ref: 'change-link',
    project: 'BOOK',
    at: '-10d 14:20',
    by: 'maya',
    title: 'Change or cancel a booking from the e-mail',
    description: 'One link, no account. Cancelling asks once and says what happens to the deposit.',
    assignees: ['jonas'],
    labels: ['Frontend', 'Backend'],
    priority: 'medium',
    dueDay: 0,
    estimate: 3,
    steps: [
      { at: '-3d 15:10', by: 'jonas', move: 'In progress' },
      {
        at: '-1d 17:30',
        by: 'jonas',
        say: `Changing works. Cancelling waits for the refund; until then the page says "the workshop will call you".`,
      },
    ],
  },
  {
    ref: 'load',
    project: 'BOOK',
    at: '-8d 11:00',
    by: 'jonas',
    title: 'Load test: Saturday morning, 400 bookings in ten minutes',
    description: `The newsletter goes to 9,000 people at once. Goal: no error, and the slowest page in a hundred under one second.`,
    assignees: ['jonas'],
    labels: ['Backend'],
    priority: 'medium',
    dueDay: -1,
    estimate: 3,
    steps: [
      { at: '-2d 10:00', by: 'jonas', move: 'In progress' },
      {
        at: '-1d 15:50',
        by: 'jonas',
        say: `First run: no errors, but the search page takes 1.8 s at the peak. It asks for free times once per workshop; one question for all five should do.`,
      },
    ],
  },
  {
    ref: 'copy',
    project: 'BOOK',
    at: '-7d 09:00',
    by: 'maya',
    title: 'Words for every empty page and every error',
    description: 'Say what happened, what is safe, and what to do next. Never "Oops".',
    assignees: ['maya'],
    labels: ['Content'],
    dueDay: 3,
    estimate: 2,
    steps: [{ at: '-1d 10:10', by: 'maya', move: 'In progress' }],
  },
  {
    ref: 'flicker',
    project: 'BOOK',
    at: '-1d 16:05',
    by: 'priya',
    title: 'Free times vanish for a second after a refresh',
    description: `1. Open any workshop
2. Choose a repair
3. Pull to refresh

The list is empty for about a second and the page jumps. Seen on two phones.`,
    assignees: ['jonas'],
    labels: ['Bug', 'Frontend'],
    priority: 'urgent',
    dueDay: 0,
    estimate: 1,
    steps: [
      { at: '-1d 16:20', by: 'maya', move: 'To do' },
      {
        at: '35min',
        by: 'maya',
        say: 'Two of the test customers mentioned this one. @Jonas, please before the tablet.',
      },
    ],
  },
  {
    ref: 'harbour',
    project: 'BOOK',
    at: '-5d 14:30',
    by: 'priya',
    title: 'Search finds nothing for addresses in the Western Harbour',
    description: 'Postcodes 211 11 to 211 19 are newer than our list.',
    assignees: ['priya'],
    labels: ['Bug'],
    priority: 'high',
    dueDay: -2,
    estimate: 1,
    steps: [
      { at: '-5d 15:00', by: 'maya', move: 'To do' },
      { at: '-2d 11:20', by: 'priya', say: 'The post office sells the new list once a quarter. I asked for it.' },
    ],
  },
];
