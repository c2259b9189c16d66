/** Why a mail is sent that somebody can cause as often as they like. */
export type MailReason = 'verification' | 'recovery' | 'invitation';

/** Bounds how many mails somebody can cause, so that nobody fills the mailboxes of others. */
export interface MailAllowance {
  /** Spends one mail. @param key who is counted: an address or an id */
  spend(reason: MailReason, key: string): Promise<{ readonly allowed: boolean; readonly resetSeconds: number }>;
}
