import type { MailDraft } from '../mail-draft.ts';
import { renderMail } from './layout.ts';

/** One thing that happened and concerns a person: a task assigned, a mention, a comment. */
export interface NotificationMailFacts {
  /** What the person may turn off, as in `assigned` or `mentioned`. */
  readonly topic: string;
  /** What happened, in one sentence, as in "Olga assigned OPS-42 to you". */
  readonly headline: string;
  /** The title of the task. */
  readonly taskTitle: string;
  /** What somebody wrote, shortened. */
  readonly excerpt?: string;
  readonly workspaceName: string;
  /** Leads to the task. */
  readonly link: string;
}

/** A notification by mail, at once. */
export function notificationMail(facts: NotificationMailFacts): MailDraft {
  const { topic, headline, taskTitle, excerpt, workspaceName, link } = facts;
  return {
    kind: 'notification',
    topic,
    subject: `${headline}: ${taskTitle}`,
    ...renderMail({
      title: headline,
      blocks: [
        { kind: 'paragraph', text: taskTitle },
        ...(excerpt === undefined ? [] : [{ kind: 'quote' as const, text: excerpt }]),
        { kind: 'button', label: 'Open the task', href: link },
      ],
      footer: `You get this as a member of ${workspaceName}.`,
      canBeTurnedOff: true,
    }),
  };
}
