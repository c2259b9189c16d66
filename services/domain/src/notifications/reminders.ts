import type { Executor } from '@taskflow/db';
import type { UnitOfWork, UnitOfWorkRunner } from '../core/unit-of-work.ts';
import type { MailQueue } from '../mail/mail-queue.ts';
import { overdueMail } from '../mail/templates/overdue.ts';
import { waysOf } from './channels.ts';
import { endOfQuiet, lastMorning } from './local-time.ts';
import { type Recipient, readRecipients } from './people.ts';
import { type DueTask, findDueTasks, findTimeZones, isMorningDone, setMorningDone } from './reminder-repository.ts';
import { insertNotifications } from './repository.ts';

/** Reminds people of the due dates of what is assigned to them. */
export interface Reminders {
  /**
   * Reminds everybody whose morning has come: of what is due within a day, and of what was due and is not done; once
   * for each task and due date. A morning that nobody was there for is made up for until the next one, and not later.
   *
   * @returns how many reminders
   */
  send(signal: AbortSignal): Promise<number>;
}

const noId = '00000000-0000-0000-0000-000000000000';
/** In one mail; all of them are in the inbox. */
const mostItems = 50;
const dayMs = 86_400_000;

/** @param options.publicUrl where people reach the instance: the origin of links in mails */
export function createReminders(options: {
  readonly executor: Executor;
  readonly units: Pick<UnitOfWorkRunner, 'run'>;
  readonly newId: () => string;
  readonly mails: MailQueue;
  readonly publicUrl: string;
  readonly now: () => Date;
}): Reminders {
  const { executor, units, newId, mails, publicUrl, now } = options;

  /** Everybody of a time zone, some at a time, each in one transaction with their mails. */
  async function remindZone(timeZone: string, morning: Date, signal: AbortSignal): Promise<number> {
    let [sent, afterUserId] = [0, noId];
    for (;;) {
      signal.throwIfAborted();
      const due = await findDueTasks(executor, { timeZone, morning, afterUserId });
      const last = due.at(-1);
      if (last === undefined) {
        await setMorningDone(executor, timeZone, morning);
        return sent;
      }
      sent += await units.run((unit) => remind(unit, due, morning));
      afterUserId = last.userId;
    }
  }

  async function remind(unit: UnitOfWork, due: readonly DueTask[], morning: Date): Promise<number> {
    const people = await readRecipients(unit, [...new Set(due.map(({ userId }) => userId))], now());
    let sent = 0;
    for (const [userId, tasks] of Map.groupBy(due, (task) => task.userId)) {
      const person = people.get(userId);
      sent += person === undefined ? 0 : await remindPerson(unit, person, tasks, morning);
    }
    return sent;
  }

  async function remindPerson(
    unit: UnitOfWork,
    person: Recipient,
    due: readonly DueTask[],
    morning: Date,
  ): Promise<number> {
    const rows = due.flatMap((task) => {
      const ways = waysOf(person.channels, task.kind);
      const { userId, kind, workspaceId, taskId, dueAt } = task;
      const row = { id: newId(), userId, kind, workspaceId, taskId, dueAt, at: now() };
      return ways.inApp || ways.mail ? [{ task, ways, row: { ...row, inApp: ways.inApp, mailPending: false } }] : [];
    });
    const inserted = await insertNotifications(
      unit,
      rows.map(({ row }) => row),
    );
    const mailed = rows.filter(({ row, ways }) => ways.mail && inserted.has(row.id)).map(({ task }) => task);
    for (const topic of ['overdue', 'due_soon'] as const) {
      const tasks = mailed.filter(({ kind }) => kind === topic);
      await mail(unit, person, topic, { tasks, morning });
    }
    return inserted.size;
  }

  async function mail(
    unit: UnitOfWork,
    person: Recipient,
    topic: DueTask['kind'],
    about: { readonly tasks: readonly DueTask[]; readonly morning: Date },
  ): Promise<void> {
    const [first] = about.tasks;
    if (first === undefined || person.mailTo === undefined) {
      return;
    }
    const draft = overdueMail({
      topic,
      items: about.tasks.slice(0, mostItems).map((task) => ({
        title: `${task.taskKey} ${task.taskTitle}`,
        href: `${publicUrl}/w/${task.slug}/t/${task.taskKey}`,
        note: dueNote(task.dueAt, person.timeZone),
      })),
      link: `${publicUrl}/w/${first.slug}/my`,
    });
    const runAt = endOfQuiet(now(), person.quiet, person.timeZone);
    await mails.queue(unit, draft, {
      address: person.mailTo,
      name: person.name,
      userId: person.userId,
      ...(runAt === undefined ? {} : { runAt }),
      // by the next morning there are others
      expiresAt: new Date(about.morning.getTime() + dayMs),
    });
  }

  return {
    async send(signal) {
      let sent = 0;
      for (const timeZone of await findTimeZones(executor)) {
        const morning = lastMorning(now(), timeZone);
        if (!(await isMorningDone(executor, timeZone, morning))) {
          sent += await remindZone(timeZone, morning, signal);
        }
      }
      return sent;
    },
  };
}

/** As in "due Tue 3 March at 17:00", on the clocks of the person. */
const dueNote = (dueAt: Date, timeZone: string): string =>
  `due ${new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' }).format(dueAt)}`;
