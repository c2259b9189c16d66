import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { call } from '../../lib/api/client.ts';
import { isProblem } from '../../lib/api/problem.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { t } from '../../lib/messages/translate.ts';
import { AuthLayout } from './auth-layout.tsx';

const route = getRouteApi('/unsubscribe/$token');

/** Asks before mails of a kind are turned off: programs that look at mail follow its links too. */
export function UnsubscribePage() {
  const { token } = route.useParams();
  const turnOff = useMutation({
    mutationFn: () => call('POST /mail/unsubscribe/{token}', { params: { token } }),
  });
  if (isProblem(turnOff.error, 'not_found')) {
    return <AuthLayout title={t('link.spentTitle')} lead={t('unsubscribe.spent')} />;
  }
  if (turnOff.isSuccess) {
    return <AuthLayout title={t('unsubscribe.doneTitle')} lead={t('unsubscribe.done')} />;
  }
  return (
    <AuthLayout
      title={t('unsubscribe.title')}
      lead={t('unsubscribe.lead')}
      problem={turnOff.error === null ? undefined : problemText(turnOff.error)}
    >
      <Button onClick={() => turnOff.mutate()} loading={turnOff.isPending} fullWidth>
        {t('unsubscribe.confirm')}
      </Button>
    </AuthLayout>
  );
}
