import { Button } from '@mantine/core';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ErrorState } from '../../components/page/page-states.tsx';
import { call } from '../../lib/api/client.ts';
import { isProblem } from '../../lib/api/problem.ts';
import { t } from '../../lib/messages/translate.ts';
import { meQuery } from '../../lib/queries/me.ts';
import { AuthLayout } from './auth-layout.tsx';

const route = getRouteApi('/verify/$token');

/** Verifies once, however often the page is drawn; following the link again is harmless. */
const verification = (token: string) =>
  queryOptions({
    queryKey: ['verification', token],
    queryFn: async () => {
      await call('POST /auth/email/verify', { body: { token } });
      return true;
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

/** What became of the link that verifies an address. */
export function VerifyPage() {
  const { token } = route.useParams();
  const client = useQueryClient();
  const { data: isVerified, error, refetch } = useQuery(verification(token));
  useEffect(() => {
    if (isVerified === true) void client.invalidateQueries({ queryKey: meQuery.queryKey, exact: true });
  }, [isVerified, client]);

  const onwards = (
    <Button renderRoot={(props) => <Link to="/" {...props} />} fullWidth>
      {t('verify.onwards')}
    </Button>
  );
  if (isProblem(error, 'link_spent') || isProblem(error, 'not_found')) {
    return (
      <AuthLayout title={t('link.spentTitle')} lead={t('verify.spent')}>
        {onwards}
      </AuthLayout>
    );
  }
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (isVerified === undefined) return null;
  return (
    <AuthLayout title={t('verify.doneTitle')} lead={t('verify.done')}>
      {onwards}
    </AuthLayout>
  );
}
