import { mailKinds } from '@taskflow/contract/mail';
import { describe, expect, it } from 'vitest';
import { type MailDraft, secretLinkMark, unsubscribeLinkMark } from '../mail-draft.ts';
import { digestMail } from './digest.ts';
import { emailVerificationMail } from './email-verification.ts';
import { invitationMail } from './invitation.ts';
import { notificationMail } from './notification.ts';
import { overdueMail } from './overdue.ts';
import { passwordChangedMail } from './password-changed.ts';
import { passwordResetMail } from './password-reset.ts';
import { reportMail } from './report.ts';

/** What somebody may call themselves, their tasks and their workspace. */
const nasty = `<img src=x onerror="alert('1')"> & Söhne`;
const link = 'https://taskflow.example.org/w/works/t/OPS-42?a=1&b=2';
const items = [
  { title: `OPS-42 ${nasty}`, href: link, note: 'due yesterday' },
  { title: 'OPS-43 Book the venue', href: link },
];

const drafts: Readonly<Record<string, MailDraft>> = {
  invitation: invitationMail({ inviterName: nasty, workspaceName: nasty, validDays: 7, link }),
  email_verification: emailVerificationMail({ name: nasty, validDays: 3, link }),
  password_reset: passwordResetMail({ name: nasty, validMinutes: 30, link }),
  password_changed: passwordChangedMail({ name: nasty, forgotLink: link }),
  notification: notificationMail({
    topic: 'mentioned',
    headline: `Olga mentioned you in OPS-42`,
    taskTitle: nasty,
    excerpt: `First line\n${nasty}`,
    workspaceName: nasty,
    link,
  }),
  digest: digestMail({ name: nasty, groups: [{ title: 'Assigned to you', items }], moreCount: 3, inboxLink: link }),
  overdue: overdueMail({ topic: 'overdue', items, link }),
  report: reportMail({
    title: `The week of ${nasty}`,
    subtitle: '2026-03-02 to 2026-03-08',
    figures: [{ label: 'Done', value: 4 }],
    link,
  }),
};
const secretKinds = ['invitation', 'email_verification', 'password_reset'];
const topics: Readonly<Record<string, string>> = {
  notification: 'mentioned',
  digest: 'digest',
  overdue: 'overdue',
  report: 'reports',
};

describe('every kind of mail', () => {
  it('has a template', () => {
    expect(Object.keys(drafts).toSorted()).toEqual(mailKinds.toSorted());
    for (const [kind, draft] of Object.entries(drafts)) {
      expect(draft.kind).toBe(kind);
    }
  });

  it('looks as in previews/', async () => {
    for (const [kind, { subject, html, text }] of Object.entries(drafts)) {
      await expect(html).toMatchFileSnapshot(`previews/${kind}.html`);
      await expect(`Subject: ${subject}\n\n${text}`).toMatchFileSnapshot(`previews/${kind}.txt`);
    }
  });
});

describe.each(Object.entries(drafts))('%s', (kind, { html, text, secretLink, topic }) => {
  it('shows what people wrote, and runs none of it', () => {
    expect(html).not.toMatch(/<img|onerror="/);
    expect(html).toContain('&lt;img');
    expect(text).toContain(nasty);
  });

  it('can be read in the dark', () => {
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
  });

  it('says the same in both forms', () => {
    const leads = (form: string) => form.replaceAll('&amp;', '&');
    const goal = secretKinds.includes(kind) ? secretLinkMark : link;
    expect(leads(html)).toContain(`href="${goal}"`);
    expect(text).toContain(goal);
  });

  it('keeps apart what lets somebody in, and can be turned off where that makes sense', () => {
    expect(secretLink).toBe(secretKinds.includes(kind) ? link : undefined);
    expect(topic).toBe(topics[kind]);
    for (const form of [html, text]) {
      expect(form.includes(unsubscribeLinkMark)).toBe(topic !== undefined);
      expect(form.includes(secretLinkMark)).toBe(secretLink !== undefined);
    }
  });
});
