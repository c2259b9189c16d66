import type { NotificationKind } from '@taskflow/contract/notifications';
import type { Executor } from '@taskflow/db';
import { oldestIdAt } from '../core/ids.ts';
import type { UnitOfWorkRunner } from '../core/unit-of-work.ts';
import type { MailQueue } from '../mail/mail-queue.ts';
import { type DigestGroup, digestMail } from '../mail/templates/digest.ts';
import { lastMorning } from './local-time.ts';
import { readRecipients } from './people.ts';
import { findWaitingPeople, type PendingNews, takePending } from './repository.ts';

/** Mails that put together what somebody was not told at once. */
export interface NotificationDigest {
  /**
   * Mails everybody what had come together until their last morning, read things left out. However long nobody was
   * there to do so, it is one mail; what a run has mailed, no other mails again.
   *
   * @returns how many mails
   */
  send(signal: AbortSignal): Promise<number>;
}

/** Everything else is in the inbox. */
const mostItems = 30;
/** Until the next one. */
const mailTtlMs = 86_400_000;

/** @param options.publicUrl where people reach the instance: the origin of links in mails */
export function createNotificationDigest(options: {
  readonly executor: Executor;
  readonly units: Pick<UnitOfWorkRunner, 'run'>;
  readonly mails: MailQueue;
  readonly publicUrl: string;
  readonly now: () => Date;
}): NotificationDigest {
  const { executor, units, mails, publicUrl, now } = options;

  async function sendTo(userId: string, morning: Date): Promise<boolean> {
    return units.run(async (unit) => {
      const news = await takePending(unit, userId, oldestIdAt(morning.getTime()));
      const person = (await readRecipients(unit, [userId], now())).get(userId);
      const [first] = news;
      if (first === undefined || person?.mailTo === undefined) {
        return false;
      }
      const draft = digestMail({
        name: person.name,
        groups: groupsOf(news.slice(0, mostItems), publicUrl),
        moreCount: Math.max(0, news.length - mostItems),
        inboxLink: `${publicUrl}/w/${first.slug}/inbox`,
      });
      const mailId = await mails.queue(unit, draft, {
        address: person.mailTo,
        name: person.name,
        userId,
        expiresAt: new Date(now().getTime() + mailTtlMs),
      });
      return mailId !== undefined;
    });
  }

  return {
    async send(signal) {
      const mornings = new Map<string, Date>();
      let sent = 0;
      for (const { userId, timeZone } of await findWaitingPeople(executor)) {
        signal.throwIfAborted();
        const morning = mornings.get(timeZone) ?? lastMorning(now(), timeZone);
        mornings.set(timeZone, morning);
        sent += (await sendTo(userId, morning)) ? 1 : 0;
      }
      return sent;
    },
  };
}

const titles: Readonly<Record<NotificationKind, string>> = {
  assigned: 'Assigned to you',
  mentioned: 'Where you were mentioned',
  commented: 'Comments',
  status_changed: 'Moved on',
  overdue: 'Overdue',
  due_soon: 'Due soon',
  invited: 'Invitations',
};

function groupsOf(news: readonly PendingNews[], publicUrl: string): DigestGroup[] {
  return [...Map.groupBy(news, ({ kind }) => kind)].map(([kind, items]) => ({
    title: titles[kind],
    items: items.map(({ taskKey, taskTitle, slug, actorName }) => ({
      title: `${taskKey} ${taskTitle}`,
      href: `${publicUrl}/w/${slug}/t/${taskKey}`,
      ...(actorName === null ? {} : { note: `by ${actorName}` }),
    })),
  }));
}
