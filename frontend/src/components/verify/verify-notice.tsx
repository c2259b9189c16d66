import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { call } from '../../lib/api/client.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyProblem } from '../../lib/notify.ts';
import { instanceQuery } from '../../lib/queries/instance.ts';
import { meQuery } from '../../lib/queries/me.ts';
import classes from './verify-notice.module.css';

/** Asks to verify the own address, where that has not been done and mail could do it. */
export function VerifyNotice() {
  const { data: me } = useQuery(meQuery);
  const isUnverified = me?.emailVerified === false;
  const { data: instance } = useQuery({ ...instanceQuery, enabled: isUnverified });
  const resend = useMutation({
    mutationFn: () => call('POST /auth/email/resend'),
    onError: (error) => notifyProblem(t('verify.resendFailed'), error),
  });
  if (!isUnverified || instance?.sendsMail !== true) return null;
  return (
    <div className={classes['notice']} role="status">
      <p className={classes['text']}>
        {resend.isSuccess ? t('verify.resent', { email: me.email }) : t('verify.notice', { email: me.email })}
      </p>
      {!resend.isSuccess && (
        <Button size="xs" variant="default" onClick={() => resend.mutate()} loading={resend.isPending}>
          {t('verify.resend')}
        </Button>
      )}
    </div>
  );
}
