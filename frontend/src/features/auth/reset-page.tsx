import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type SyntheticEvent, useState } from 'react';
import { call } from '../../lib/api/client.ts';
import { isProblem } from '../../lib/api/problem.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { t } from '../../lib/messages/translate.ts';
import { AuthLayout } from './auth-layout.tsx';
import classes from './auth-layout.module.css';

const route = getRouteApi('/reset/$token');
const passwordLengthAtLeast = 8;

/** Setting a new password by the link of a mail. */
export function ResetPage() {
  const { token } = route.useParams();
  const client = useQueryClient();
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const reset = useMutation({
    mutationFn: () => call('POST /auth/password/reset', { body: { token, password } }),
    // every session has ended, the one of this browser too
    onSuccess: () => client.clear(),
  });

  if (isProblem(reset.error, 'link_spent') || isProblem(reset.error, 'not_found')) {
    return (
      <AuthLayout
        title={t('link.spentTitle')}
        lead={t('problem.link_spent')}
        foot={
          <Link to="/forgot" className={classes['link']}>
            {t('reset.again')}
          </Link>
        }
      />
    );
  }
  if (reset.isSuccess) {
    return (
      <AuthLayout title={t('reset.doneTitle')} lead={t('reset.done')}>
        <Button renderRoot={(props) => <Link to="/sign-in" search={{}} {...props} />} fullWidth>
          {t('auth.signIn')}
        </Button>
      </AuthLayout>
    );
  }
  const isShort = password.length < passwordLengthAtLeast;
  const refused = isProblem(reset.error) ? reset.error.fieldError('password') : undefined;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isShort) reset.mutate();
  };
  return (
    <AuthLayout
      title={t('reset.title')}
      lead={t('reset.lead')}
      problem={reset.error === null || refused !== undefined ? undefined : problemText(reset.error)}
    >
      <form className={classes['form']} onSubmit={submit} noValidate>
        <PasswordInput
          label={t('reset.password')}
          description={t('auth.passwordHint')}
          name="password"
          autoComplete="new-password"
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('auth.showPassword') }}
          error={tried && isShort ? t('auth.passwordShort') : refused}
        />
        <Button type="submit" loading={reset.isPending} fullWidth>
          {t('reset.save')}
        </Button>
      </form>
    </AuthLayout>
  );
}
