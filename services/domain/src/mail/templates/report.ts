import type { MailDraft } from '../mail-draft.ts';
import { renderMail } from './layout.ts';

/** A report that somebody gets each week. @param facts.link leads to its files */
export function reportMail(facts: {
  readonly title: string;
  readonly subtitle: string;
  readonly figures: readonly { readonly label: string; readonly value: number }[];
  readonly link: string;
}): MailDraft {
  const { title, subtitle, figures, link } = facts;
  return {
    kind: 'report',
    topic: 'reports',
    subject: title,
    ...renderMail({
      title,
      blocks: [
        { kind: 'paragraph', text: subtitle },
        { kind: 'paragraph', text: figures.map(({ label, value }) => `${label}: ${value}`).join('\n') },
        { kind: 'button', label: 'Open the report', href: link },
      ],
      footer: 'You get this report because you asked for it each week.',
      canBeTurnedOff: true,
    }),
  };
}
