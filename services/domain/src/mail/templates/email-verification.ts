import { type MailDraft, secretLinkMark } from '../mail-draft.ts';
import { renderMail } from './layout.ts';

/** Asks whether mail to an address arrives. @param facts.link verifies the address */
export function emailVerificationMail(facts: {
  readonly name: string;
  readonly validDays: number;
  readonly link: string;
}): MailDraft {
  const { name, validDays, link } = facts;
  return {
    kind: 'email_verification',
    subject: 'Verify your address',
    secretLink: link,
    ...renderMail({
      title: 'Verify your address',
      blocks: [
        { kind: 'paragraph', text: `Hello ${name}, please confirm that this address is yours.` },
        { kind: 'button', label: 'Verify the address', href: secretLinkMark },
        { kind: 'paragraph', text: `The link works once, for ${validDays} days.` },
      ],
      footer: 'You get this because somebody made a TaskFlow account with this address. If it was not you, do nothing.',
    }),
  };
}
