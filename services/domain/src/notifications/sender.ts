import type { NotificationKind } from '@taskflow/contract/notifications';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import type { MailDraft } from '../mail/mail-draft.ts';
import type { MailQueue } from '../mail/mail-queue.ts';
import { waysOf } from './channels.ts';
import { endOfQuiet } from './local-time.ts';
import { type Recipient, readRecipients } from './people.ts';
import { insertNotifications, type NewNotification } from './repository.ts';

/** Something to tell a person. */
export interface News {
  readonly userId: string;
  readonly workspaceId: string;
  readonly kind: NotificationKind;
  /** When it happened. */
  readonly at: Date;
  readonly taskId: string;
  readonly activityNumber: number;
  readonly actorId: string;
  readonly commentId: string | undefined;
  readonly statusId: string | undefined;
  /** The mail about this alone. */
  readonly draft: () => MailDraft;
}

/** Tells people, each in the ways that they chose. */
export interface NotificationSender {
  /**
   * What a person was told already is left out. A mail goes out at once where the person wants that, at the end of
   * their quiet hours at the earliest; what is old by now, and what comes in masses, waits for the next digest.
   *
   * @returns how many things people were told
   */
  send(unit: UnitOfWork, news: readonly News[]): Promise<number>;
}

/** After an outage nobody gets a mail about each single thing that happened since. */
const freshMs = 3_600_000;
/** Mails about single things that a person gets in an hour. */
const mostMailsAnHour = 20;
/** A mail that did not go out until then is of no use. */
const mailTtlMs = 86_400_000;

/** @param options.newId makes ids of new rows */
export function createNotificationSender(options: {
  readonly newId: () => string;
  readonly now: () => Date;
  readonly mails: MailQueue;
}): NotificationSender {
  const { newId, now, mails } = options;

  return {
    async send(unit, news) {
      const at = now();
      const people = await readRecipients(unit, [...new Set(news.map(({ userId }) => userId))], at);
      const mailsLeft = new Map([...people].map(([id, person]) => [id, mostMailsAnHour - person.mailsLately]));
      const planned = news.flatMap((item) => {
        const person = people.get(item.userId);
        return person === undefined ? [] : plan(item, person);
      });
      const inserted = await insertNotifications(
        unit,
        planned.map(({ row }) => row),
      );
      for (const { row, person, draft } of planned) {
        if (draft !== undefined && inserted.has(row.id)) {
          await mail(unit, person, row, draft());
        }
      }
      return inserted.size;

      function plan(item: News, person: Recipient) {
        const ways = waysOf(person.channels, item.kind);
        if (!ways.inApp && !ways.mail) {
          return [];
        }
        const isMailed = ways.mail && person.mailTo !== undefined;
        const left = mailsLeft.get(person.userId) ?? 0;
        const isFresh = at.getTime() - item.at.getTime() < freshMs;
        const isAtOnce = isMailed && person.mailDelivery === 'at_once' && isFresh && left > 0;
        if (isAtOnce) {
          mailsLeft.set(person.userId, left - 1);
        }
        const { draft, ...facts } = item;
        const row: NewNotification = {
          ...facts,
          id: newId(),
          inApp: ways.inApp,
          mailPending: isMailed && !isAtOnce,
        };
        return [{ row, person, draft: isAtOnce ? draft : undefined }];
      }
    },
  };

  async function mail(unit: UnitOfWork, person: Recipient, about: NewNotification, draft: MailDraft): Promise<void> {
    if (person.mailTo === undefined) {
      return;
    }
    const runAt = endOfQuiet(now(), person.quiet, person.timeZone);
    await mails.queue(unit, draft, {
      address: person.mailTo,
      name: person.name,
      userId: person.userId,
      workspaceId: about.workspaceId,
      ...(about.taskId === undefined ? {} : { taskId: about.taskId }),
      ...(about.actorId === undefined ? {} : { requestedBy: about.actorId }),
      ...(runAt === undefined ? {} : { runAt }),
      expiresAt: new Date((runAt ?? now()).getTime() + mailTtlMs),
    });
  }
}
