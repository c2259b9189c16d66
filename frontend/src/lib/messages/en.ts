import { auth } from './en/auth.ts';
import { common } from './en/common.ts';
import { frame } from './en/frame.ts';
import { home } from './en/home.ts';
import { notifications } from './en/notifications.ts';
import { problems } from './en/problems.ts';
import { recurrence } from './en/recurrence.ts';
import { settings } from './en/settings.ts';
import { tasks } from './en/tasks.ts';
import { views } from './en/views.ts';
import { webhooks } from './en/webhooks.ts';

/**
 * Everything that people read, by name. `{placeholders}` are filled in by `t`; messages with `one` and `other` forms
 * choose by `count`.
 */
export const en = {
  ...common,
  ...problems,
  ...auth,
  ...frame,
  ...tasks,
  ...views,
  ...home,
  ...settings,
  ...notifications,
  ...recurrence,
  ...webhooks,
} as const;
