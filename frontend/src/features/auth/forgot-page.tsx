import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type SyntheticEvent, useState } from 'react';
import { call } from '../../lib/api/client.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { t } from '../../lib/messages/translate.ts';
import { instanceQuery } from '../../lib/queries/instance.ts';
import { AuthLayout } from './auth-layout.tsx';
import classes from './auth-layout.module.css';

/** Asking for a link that sets a new password. What the page says does not depend on whether there is an account. */
export function ForgotPage() {
  const [email, setEmail] = useState('');
  const [tried, setTried] = useState(false);
  const instance = useQuery(instanceQuery);
  const ask = useMutation({ mutationFn: () => call('POST /auth/password/forgot', { body: { email } }) });
  const back = (
    <Link to="/sign-in" className={classes['link']}>
      {t('forgot.back')}
    </Link>
  );

  if (instance.data?.sendsMail === false) {
    return <AuthLayout title={t('forgot.title')} lead={t('forgot.noMail')} foot={back} />;
  }
  if (ask.isSuccess) {
    return <AuthLayout title={t('forgot.sentTitle')} lead={t('forgot.sent', { email: email.trim() })} foot={back} />;
  }
  const isMissing = !/^\S+@\S+$/.test(email.trim());
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isMissing) ask.mutate();
  };
  return (
    <AuthLayout
      title={t('forgot.title')}
      lead={t('forgot.lead')}
      problem={ask.error === null ? undefined : problemText(ask.error)}
      foot={back}
    >
      <form className={classes['form']} onSubmit={submit} noValidate>
        <TextInput
          label={t('auth.email')}
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={tried && isMissing ? t('auth.emailInvalid') : undefined}
        />
        <Button type="submit" loading={ask.isPending} fullWidth>
          {t('forgot.send')}
        </Button>
      </form>
    </AuthLayout>
  );
}
