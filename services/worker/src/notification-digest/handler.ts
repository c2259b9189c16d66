import { type NotificationDigest, notificationDigest } from '@taskflow/domain';
import { type AnyJobHandler, handleJob } from '@taskflow/jobs';

/** Mails what has come together for people. A run that is broken off or done twice mails nothing twice. */
export const createNotificationDigestHandler = ({ digest }: { readonly digest: NotificationDigest }): AnyJobHandler =>
  handleJob(notificationDigest, async (_, { signal }) => ({ mails: await digest.send(signal) }));
