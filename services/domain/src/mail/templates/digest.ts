import type { MailDraft } from '../mail-draft.ts';
import { type MailListItem, renderMail } from './layout.ts';

/** A group of a digest, as in "Assigned to you". */
export interface DigestGroup {
  readonly title: string;
  readonly items: readonly MailListItem[];
}

/** What happened since the last digest. @param facts.moreCount of things that are not listed */
export function digestMail(facts: {
  readonly name: string;
  readonly groups: readonly DigestGroup[];
  readonly moreCount?: number;
  /** Leads to all notifications. */
  readonly inboxLink: string;
}): MailDraft {
  const { name, groups, moreCount = 0, inboxLink } = facts;
  const count = groups.reduce((sum, { items }) => sum + items.length, moreCount);
  return {
    kind: 'digest',
    topic: 'digest',
    subject: count === 1 ? 'One thing that is new for you' : `${count} things that are new for you`,
    ...renderMail({
      title: `What is new, ${name}`,
      blocks: [
        ...groups.map(({ title, items }) => ({ kind: 'list' as const, title, items })),
        ...(moreCount > 0 ? [{ kind: 'paragraph' as const, text: `And ${moreCount} more.` }] : []),
        { kind: 'button', label: 'Open the inbox', href: inboxLink },
      ],
      footer: 'You get this summary because you chose it in your settings.',
      canBeTurnedOff: true,
    }),
  };
}
