import type { UnitOfWork } from '../core/unit-of-work.ts';
import { notificationMail } from '../mail/templates/notification.ts';
import { type ActivityRange, type Concern, findConcerned } from './recipients.ts';
import type { News, NotificationSender } from './sender.ts';

/** Tells people what happened to what they have to do with. */
export interface NotificationFanOut {
  /** Each is told of an event once, however often a range is gone through. @returns how many things people were told */
  fanOut(unit: UnitOfWork, range: ActivityRange): Promise<number>;
}

/** How many activities are looked at a time; an import brings thousands. */
const chunk = 100;

/** @param options.publicUrl where people reach the instance: the origin of links in mails */
export function createNotificationFanOut(options: {
  readonly sender: NotificationSender;
  readonly publicUrl: string;
}): NotificationFanOut {
  const { sender, publicUrl } = options;
  return {
    async fanOut(unit, { workspaceId, fromNumber, toNumber }) {
      let told = 0;
      for (let from = fromNumber; from <= toNumber; from += chunk) {
        const range = { workspaceId, fromNumber: from, toNumber: Math.min(toNumber, from + chunk - 1) };
        const concerned = await findConcerned(unit, range);
        if (concerned.length > 0) {
          told += await sender.send(
            unit,
            concerned.map((concern) => newsOf(workspaceId, concern, publicUrl)),
          );
        }
      }
      return told;
    },
  };
}

function newsOf(workspaceId: string, concern: Concern, publicUrl: string): News {
  const { kind, actorId, taskId, taskTitle, workspaceName } = concern;
  return {
    userId: concern.userId,
    workspaceId,
    kind,
    at: concern.at,
    taskId,
    activityNumber: concern.number,
    actorId,
    commentId: concern.commentId ?? undefined,
    statusId: concern.statusId ?? undefined,
    draft: () =>
      notificationMail({
        topic: kind,
        headline: headlineOf(concern),
        taskTitle,
        ...(concern.excerpt === null ? {} : { excerpt: concern.excerpt }),
        workspaceName,
        link: `${publicUrl}/w/${concern.slug}/t/${concern.taskKey}`,
      }),
  };
}

function headlineOf({ kind, actorName, taskKey, statusName }: Concern): string {
  switch (kind) {
    case 'assigned':
      return `${actorName} assigned ${taskKey} to you`;
    case 'mentioned':
      return `${actorName} mentioned you in ${taskKey}`;
    case 'commented':
      return `${actorName} commented on ${taskKey}`;
    case 'status_changed':
      return statusName === null ? `${actorName} moved ${taskKey}` : `${actorName} moved ${taskKey} to ${statusName}`;
  }
}
