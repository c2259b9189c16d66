import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ErrorState } from '../../components/page/page-states.tsx';
import { call } from '../../lib/api/client.ts';
import { isProblem } from '../../lib/api/problem.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { formatAgo } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { meQuery } from '../../lib/queries/me.ts';
import { useNow } from '../../lib/use-now.ts';
import { AuthLayout } from './auth-layout.tsx';
import classes from './auth-layout.module.css';

const route = getRouteApi('/invite/$token');

/** What an invitation is for, and joining; strangers sign up or in first and come back here. */
export function InvitePage() {
  const { token } = route.useParams();
  const now = useNow();
  const preview = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => call('GET /invitations/{token}', { params: { token }, signal }),
  });
  const me = useQuery({ ...meQuery, retry: false });

  if (isProblem(preview.error, 'invitation_spent') || isProblem(preview.error, 'not_found')) {
    return <AuthLayout title={t('invite.spentTitle')} lead={t('problem.invitation_spent')} />;
  }
  if (preview.error !== null) return <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />;
  if (preview.data === undefined || me.isPending) return null;

  const { workspaceName, invitedByName, role, expiresAt } = preview.data;
  return (
    <AuthLayout
      title={t('invite.title', { workspace: workspaceName })}
      lead={t('invite.lead', {
        person: invitedByName,
        workspace: workspaceName,
        role: t(`role.${role}`).toLowerCase(),
      })}
      foot={t('invite.expires', { when: formatAgo(expiresAt, now) })}
    >
      {me.data === undefined ? (
        <EntryChoice token={token} />
      ) : (
        <Accept token={token} email={me.data.email} workspaceName={workspaceName} />
      )}
    </AuthLayout>
  );
}

function EntryChoice({ token }: { readonly token: string }) {
  return (
    <div className={classes['form']}>
      <Button renderRoot={(props) => <Link to="/sign-up" search={{ invitation: token }} {...props} />} fullWidth>
        {t('invite.signUpFirst')}
      </Button>
      <Button
        variant="default"
        renderRoot={(props) => (
          <Link to="/sign-in" search={{ next: `/invite/${token}`, invitation: token }} {...props} />
        )}
        fullWidth
      >
        {t('invite.signInFirst')}
      </Button>
    </div>
  );
}

interface AcceptProps {
  readonly token: string;
  readonly email: string;
  readonly workspaceName: string;
}

function Accept({ token, email, workspaceName }: AcceptProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: () => call('POST /invitations/{token}/accept', { params: { token } }),
    onSuccess: async (workspace) => {
      await client.invalidateQueries({ queryKey: ['workspaces'] });
      await navigate({ to: '/w/$workspace', params: { workspace: workspace.slug } });
    },
  });
  return (
    <div className={classes['form']}>
      {accept.error === null ? null : (
        <p className={classes['problem']} role="alert">
          {problemText(accept.error)}
        </p>
      )}
      <Button onClick={() => accept.mutate()} loading={accept.isPending} fullWidth>
        {t('invite.accept', { workspace: workspaceName })}
      </Button>
      <p className={classes['foot']}>{t('invite.signedInAs', { email })}</p>
    </div>
  );
}
