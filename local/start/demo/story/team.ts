import type { Moment } from '../moment.ts';
import type { PersonKey, ProjectKey } from './story-task.ts';

/** Everybody's password in the demo. */
export const DEMO_PASSWORD = 'taskflow-demo';

/** Who they are. Maya owns the workspace and is the first account, which makes her the operator of the instance. */
export const people = {
  maya: { name: 'Maya Lindqvist', email: 'maya@larkspur.example' },
  jonas: { name: 'Jonas Weber', email: 'jonas@larkspur.example' },
  priya: { name: 'Priya Raman', email: 'priya@larkspur.example' },
} as const satisfies Record<PersonKey, { name: string; email: string }>;

/** How the workspace comes to be, in this order. */
export const beginning = {
  workspaceName: 'Larkspur Bikes',
  createdAt: '-31d 08:40',
  invitations: [
    { person: 'jonas', role: 'admin', at: '-31d 09:05' },
    { person: 'priya', role: 'member', at: '-31d 09:20' },
  ],
} as const satisfies {
  workspaceName: string;
  createdAt: Moment;
  invitations: readonly { person: PersonKey; role: 'admin' | 'member'; at: Moment }[];
};

interface StoryProject {
  readonly key: ProjectKey;
  readonly name: string;
  readonly description: string;
  readonly color: string;
  /** Its lead. */
  readonly by: PersonKey;
  readonly at: Moment;
}

/** The two projects. */
export const projects: readonly StoryProject[] = [
  {
    key: 'BOOK',
    name: 'Booking site',
    description:
      'Book a repair in under two minutes: choose a workshop, a repair and a time, and know the price before you arrive.',
    color: '#5e6ad2',
    by: 'jonas',
    at: '-31d 10:00',
  },
  {
    key: 'LAUNCH',
    name: 'Spring launch',
    description:
      'Everything around the site: workshops, prices, training, and the people who should hear about it first.',
    color: '#0f9d8a',
    by: 'priya',
    at: '-31d 10:30',
  },
];

/** Labels of the workspace. */
export const labels = [
  { name: 'Backend', color: '#3b82f6' },
  { name: 'Frontend', color: '#8b5cf6' },
  { name: 'Design', color: '#d946a6' },
  { name: 'Bug', color: '#dc2626' },
  { name: 'Content', color: '#0d9488' },
  { name: 'Payments', color: '#b7791f' },
  { name: 'Research', color: '#64748b' },
  { name: 'Workshops', color: '#16a34a' },
] as const;
