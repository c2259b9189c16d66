import { reminderDue, type Reminders } from '@taskflow/domain';
import { type AnyJobHandler, handleJob } from '@taskflow/jobs';

/** Reminds people of due dates. A run that is broken off or done twice reminds nobody twice. */
export const createReminderDueHandler = ({ reminders }: { readonly reminders: Reminders }): AnyJobHandler =>
  handleJob(reminderDue, async (_, { signal }) => ({ reminders: await reminders.send(signal) }));
