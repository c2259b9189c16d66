import { type MailDraft, secretLinkMark } from '../mail-draft.ts';
import { renderMail } from './layout.ts';

/** Lets somebody set a new password. @param facts.link sets it */
export function passwordResetMail(facts: {
  readonly name: string;
  readonly validMinutes: number;
  readonly link: string;
}): MailDraft {
  const { name, validMinutes, link } = facts;
  return {
    kind: 'password_reset',
    subject: 'Set a new password',
    secretLink: link,
    ...renderMail({
      title: 'Set a new password',
      blocks: [
        { kind: 'paragraph', text: `Hello ${name}, somebody asked to set a new password for your account.` },
        { kind: 'button', label: 'Set a new password', href: secretLinkMark },
        {
          kind: 'paragraph',
          text: `The link works once, for ${validMinutes} minutes. It signs you out everywhere.`,
        },
      ],
      footer: 'If it was not you, do nothing: your password stays as it is.',
    }),
  };
}
