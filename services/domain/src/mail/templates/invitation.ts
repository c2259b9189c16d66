import { type MailDraft, secretLinkMark } from '../mail-draft.ts';
import { renderMail } from './layout.ts';

/** An invitation to a workspace. @param facts.link lets its holder in */
export function invitationMail(facts: {
  readonly inviterName: string;
  readonly workspaceName: string;
  readonly validDays: number;
  readonly link: string;
}): MailDraft {
  const { inviterName, workspaceName, validDays, link } = facts;
  return {
    kind: 'invitation',
    subject: `${inviterName} invites you to ${workspaceName} on TaskFlow`,
    secretLink: link,
    ...renderMail({
      title: `Join ${workspaceName}`,
      blocks: [
        { kind: 'paragraph', text: `${inviterName} invites you to work together in ${workspaceName}.` },
        { kind: 'button', label: 'Accept the invitation', href: secretLinkMark },
        { kind: 'paragraph', text: `The link is for you alone and works for ${validDays} days.` },
      ],
      footer: `You get this because ${inviterName} entered your address. If you do not expect it, do nothing.`,
    }),
  };
}
