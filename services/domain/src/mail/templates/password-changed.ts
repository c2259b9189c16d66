import type { MailDraft } from '../mail-draft.ts';
import { renderMail } from './layout.ts';

/** Tells somebody that their password is another one now, in case it was not they who set it. */
export function passwordChangedMail(facts: { readonly name: string; readonly forgotLink: string }): MailDraft {
  const { name, forgotLink } = facts;
  return {
    kind: 'password_changed',
    subject: 'Your password was changed',
    ...renderMail({
      title: 'Your password was changed',
      blocks: [
        { kind: 'paragraph', text: `Hello ${name}, the password of your account was set anew by a link in a mail.` },
        { kind: 'paragraph', text: 'If it was not you, set another one now and look at who reads your mail.' },
        { kind: 'button', label: 'Set another password', href: forgotLink },
      ],
      footer: 'You get this because it concerns the safety of your account.',
    }),
  };
}
