import type { Activity } from '@taskflow/contract/activity';
import { formatDay } from '../../lib/dates/format.ts';
import { en } from '../../lib/messages/en.ts';
import { type MessageKey, t } from '../../lib/messages/translate.ts';
import { prioritiesDescending } from '../../lib/tasks/order.ts';
import { locale } from '../../lib/locale.ts';

/** Turns ids of an activity into names. */
export interface ActivityNames {
  readonly person: (userId: string) => string;
  readonly status: (statusId: string) => string | undefined;
  readonly now: Date;
}

type FieldKey = 'field.title';

function isFieldKey(key: string): key is MessageKey & FieldKey {
  return Object.hasOwn(en, key);
}

function fieldName(field: string): string | undefined {
  const key = `field.${field}`;
  return isFieldKey(key) ? t(key) : undefined;
}

/** How a new value of a field reads; undefined where the value says nothing to people. */
function valueText(field: string, value: unknown, names: ActivityNames): string | undefined {
  if (field === 'statusId' && typeof value === 'string') return names.status(value);
  if ((field === 'dueAt' || field === 'startAt') && typeof value === 'string') return formatDay(value, names.now);
  if (field === 'estimate' && typeof value === 'number') return String(value);
  if (field === 'assigneeIds' && Array.isArray(value) && value.length > 0) {
    return value.map((id) => names.person(String(id))).join(', ');
  }
  const priority = field === 'priority' ? prioritiesDescending.find((other) => other === value) : undefined;
  return priority === undefined ? undefined : t(`priority.${priority}`);
}

function describeChange(activity: Activity, actor: string, subject: string, names: ActivityNames): string {
  const fields = Object.keys(activity.changes).filter((field) => fieldName(field) !== undefined);
  const [only] = fields;
  if (only !== undefined && fields.length === 1 && subject === t('act.thisTask')) {
    const to = activity.changes[only]?.to;
    const field = fieldName(only) ?? '';
    const text = valueText(only, to, names);
    if (text !== undefined) return t('act.set', { actor, field, to: text });
    const emptied = to === null || (Array.isArray(to) && to.length === 0);
    return emptied ? t('act.cleared', { actor, field }) : t('act.changedField', { actor, field });
  }
  const list = new Intl.ListFormat(locale).format(fields.map((field) => fieldName(field) ?? ''));
  return t('act.task.updated', { actor, subject, fields: list });
}

function describeMove(activity: Activity, actor: string, subject: string, names: ActivityNames): string {
  const to = activity.changes['statusId']?.to;
  if (to === undefined) return t('act.task.reordered', { actor, subject });
  const name = typeof to === 'string' ? names.status(to) : undefined;
  return name === undefined
    ? t('act.task.moved', { actor, subject })
    : t('act.task.movedTo', { actor, subject, to: name });
}

/** An activity as a sentence. `subject` is what to call the thing it is about. */
export function describe(activity: Activity, subject: string, names: ActivityNames): string {
  const actor = names.person(activity.actorId);
  switch (activity.type) {
    case 'task.updated':
      return describeChange(activity, actor, subject, names);
    case 'task.moved':
      return describeMove(activity, actor, subject, names);
    case 'workspace.created':
    case 'workspace.updated':
    case 'member.joined':
      return t(`act.${activity.type}`, { actor });
    case 'task.created':
    case 'task.deleted':
    case 'task.restored':
    case 'comment.created':
    case 'comment.updated':
    case 'comment.deleted':
    case 'project.created':
    case 'project.updated':
    case 'project.deleted':
    case 'member.updated':
    case 'member.removed':
      return t(`act.${activity.type}`, { actor, subject });
    case 'project_member.set':
    case 'project_member.removed':
      return t('act.project.people', { actor });
    case 'task_link.created':
    case 'task_link.deleted':
      return t('act.link', { actor, subject });
    case 'label.created':
    case 'label.updated':
    case 'label.deleted':
      return t('act.label', { actor, subject });
    case 'status.created':
    case 'status.updated':
    case 'status.deleted':
      return t('act.status', { actor, subject });
    case 'workspace.deleted':
    case 'workspace.restored':
    case 'project.restored':
    case 'comment.restored':
      return t('act.other', { actor });
  }
}
