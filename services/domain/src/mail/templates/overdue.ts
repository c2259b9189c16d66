import type { MailDraft } from '../mail-draft.ts';
import { type MailListItem, renderMail } from './layout.ts';

/** Tasks whose day has come or passed. @param facts.items the note of each says when it was due */
export function overdueMail(facts: {
  readonly topic: 'due_soon' | 'overdue';
  readonly items: readonly MailListItem[];
  /** Leads to the person's tasks. */
  readonly link: string;
}): MailDraft {
  const { topic, items, link } = facts;
  const what = topic === 'overdue' ? 'overdue' : 'due soon';
  const title = items.length === 1 ? `A task of yours is ${what}` : `${items.length} tasks of yours are ${what}`;
  const [only] = items;
  return {
    kind: 'overdue',
    topic,
    subject: items.length === 1 && only !== undefined ? `${title}: ${only.title}` : title,
    ...renderMail({
      title,
      blocks: [
        { kind: 'list', title: topic === 'overdue' ? 'Overdue' : 'Due soon', items },
        { kind: 'button', label: 'Open my tasks', href: link },
      ],
      footer: 'You get this reminder because these tasks are assigned to you.',
      canBeTurnedOff: true,
    }),
  };
}
