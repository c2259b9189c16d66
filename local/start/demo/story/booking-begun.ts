import type { StoryTask } from './story-task.ts';

/** Booking site: the first half of what the team has behind it. */
export const bookingBegun: readonly StoryTask[] = [
  {
    ref: 'interviews',
    project: 'BOOK',
    at: '-30d 09:10',
    by: 'maya',
    title: 'Interview eight customers about how they book a repair today',
    description: `Half an hour each, in the workshop, while their bike is on the stand.

- What made you call rather than walk in?
- What did you want to know *before* you came?
- When did it go wrong, and what did you do then?

Notes go into the shared folder, one page a person.`,
    assignees: ['maya', 'priya'],
    labels: ['Research'],
    priority: 'high',
    estimate: 5,
    steps: [
      { at: '-30d 09:30', by: 'maya', move: 'In progress' },
      {
        at: '-27d 16:20',
        by: 'priya',
        say: `Five done. Everybody asks the same two things first: **what will it cost** and **when do I get it back**. Nobody cares which mechanic it is.`,
      },
      {
        at: '-26d 11:05',
        by: 'maya',
        say: `All eight are in the folder. Two findings change the plan: people want to pick the *time they fetch it*, and three of eight book for somebody else. @Jonas, both should go into the data model now rather than later.`,
      },
      { at: '-26d 11:10', by: 'maya', move: 'Done' },
    ],
  },
  {
    ref: 'repository',
    project: 'BOOK',
    at: '-30d 09:40',
    by: 'jonas',
    title: 'Set up the repository and the first deployment',
    description: 'An empty page, deployed by a push. Everything after that is small steps.',
    assignees: ['jonas'],
    labels: ['Backend'],
    estimate: 3,
    steps: [
      { at: '-30d 10:15', by: 'jonas', move: 'In progress' },
      { at: '-28d 15:30', by: 'jonas', move: 'Done' },
    ],
  },
  {
    ref: 'flow',
    project: 'BOOK',
    at: '-29d 10:00',
    by: 'priya',
    title: 'Map the booking flow from search to confirmation',
    description: `One page, no screens yet. For each step: what the customer knows, what we need, what can go wrong.

1. Where – postcode or "near me"
2. What – repair from the catalogue, or "not sure, please look"
3. When – drop off and fetch
4. Who – name, phone, e-mail; no account`,
    assignees: ['priya'],
    labels: ['Design', 'Research'],
    priority: 'high',
    estimate: 3,
    steps: [
      { at: '-28d 09:00', by: 'priya', move: 'In progress' },
      {
        at: '-26d 13:45',
        by: 'maya',
        say: `"Not sure, please look" is the best idea in here. In the interviews that was every second person.`,
      },
      { at: '-25d 16:00', by: 'priya', move: 'Done' },
    ],
  },
  {
    ref: 'pipeline',
    project: 'BOOK',
    at: '-28d 15:40',
    by: 'jonas',
    title: 'Run tests on every change and give each one a preview address',
    assignees: ['jonas'],
    labels: ['Backend'],
    estimate: 2,
    steps: [
      { at: '-28d 15:45', by: 'jonas', move: 'In progress' },
      { at: '-26d 17:20', by: 'jonas', move: 'Done' },
    ],
  },
  {
    ref: 'model',
    project: 'BOOK',
    at: '-27d 09:30',
    by: 'jonas',
    title: 'Data model for workshops, opening hours, stands and bookings',
    description: `Opening hours are rules plus exceptions ("closed on 1 May"), never a list of days.

A booking holds **two** times: drop-off and fetch. The stand is only taken in between when the repair says so.`,
    assignees: ['jonas'],
    labels: ['Backend'],
    priority: 'high',
    estimate: 5,
    steps: [
      { at: '-27d 09:40', by: 'jonas', move: 'In progress' },
      {
        at: '-25d 10:15',
        by: 'jonas',
        say: `Changed after the interviews: a booking now has a *contact* and a *rider*, and they may differ.`,
      },
      { at: '-23d 14:50', by: 'jonas', move: 'Done' },
    ],
  },
  {
    ref: 'look',
    project: 'BOOK',
    at: '-25d 16:15',
    by: 'priya',
    title: 'Visual design: type, colours and the six components we need',
    assignees: ['priya'],
    labels: ['Design'],
    estimate: 5,
    steps: [
      { at: '-24d 09:00', by: 'priya', move: 'In progress' },
      {
        at: '-21d 11:30',
        by: 'priya',
        say: `Second round is in the design file. The green passes contrast on white now (4.9 : 1); the old one failed at 3.1.`,
      },
      { at: '-21d 14:10', by: 'maya', say: 'Much calmer. The button that says the price is exactly right.' },
      { at: '-18d 15:00', by: 'priya', move: 'Done' },
    ],
  },
  {
    ref: 'slots',
    project: 'BOOK',
    at: '-24d 09:15',
    by: 'jonas',
    title: 'Work out free times from opening hours, stands and bookings',
    description: `Given a workshop, a repair and a week: which drop-off times can we offer?

| Input | Example |
| --- | --- |
| Repair | brake service, 45 minutes, needs a stand |
| Stands | 2, one of them for cargo bikes |
| Already booked | 09:00–09:45, 10:30–12:00 |

Must answer in **under 50 ms** for a week, because the page asks while you scroll.`,
    assignees: ['jonas'],
    labels: ['Backend'],
    priority: 'urgent',
    estimate: 8,
    steps: [
      { at: '-23d 15:00', by: 'jonas', move: 'In progress' },
      {
        at: '-20d 17:40',
        by: 'jonas',
        say: `A week takes 11 ms with 600 bookings. Holidays are the slow part; fine for now.`,
      },
      { at: '-17d 12:30', by: 'jonas', move: 'Done' },
    ],
  },
  {
    ref: 'slots-breaks',
    project: 'BOOK',
    at: '-23d 15:05',
    by: 'jonas',
    title: 'Respect lunch breaks and public holidays',
    parent: 'slots',
    assignees: ['jonas'],
    estimate: 2,
    steps: [{ at: '-20d 16:50', by: 'jonas', move: 'Done' }],
  },
  {
    ref: 'slots-stands',
    project: 'BOOK',
    at: '-23d 15:10',
    by: 'jonas',
    title: 'Two mechanics, one lift: never offer the same stand twice',
    parent: 'slots',
    assignees: ['jonas'],
    estimate: 3,
    steps: [{ at: '-17d 12:10', by: 'jonas', move: 'Done' }],
  },
];
