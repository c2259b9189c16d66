import type { MailKind } from '@taskflow/contract/mail';

/** Stands in a stored mail for the link that lets somebody in; the link is put in when the mail is sent. */
export const secretLinkMark = '{{secret-link}}';

/** Stands in a stored mail for the link that turns this kind of mail off. */
export const unsubscribeLinkMark = '{{unsubscribe-link}}';

/** The content of a mail, in both of its forms. */
export interface MailDraft {
  readonly kind: MailKind;
  /** What the person may turn off. @default nothing: they asked for this mail */
  readonly topic?: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** A link that lets somebody in; `text` and `html` hold {@link secretLinkMark} in its place. */
  readonly secretLink?: string;
}
