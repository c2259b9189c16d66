import { Button, PasswordInput, TextInput } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type SyntheticEvent, useState } from 'react';
import { call } from '../../lib/api/client.ts';
import { t } from '../../lib/messages/translate.ts';
import { AuthLayout } from './auth-layout.tsx';
import classes from './auth-layout.module.css';
import { useEntry } from './use-entry.ts';

const route = getRouteApi('/sign-in');

/** Signing in with email and password. */
export function SignInPage() {
  const search = route.useSearch();
  const { enter, busy, problem, fieldError } = useEntry(search.next ?? '/');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (email.trim() === '' || password === '') return;
    void enter(() => call('POST /auth/login', { body: { email, password } }));
  };

  return (
    <AuthLayout
      title={t('auth.signInTitle')}
      problem={problem}
      foot={
        <>
          {t('auth.newHere')}{' '}
          <Link to="/sign-up" search={search} className={classes['link']}>
            {t('auth.signUp')}
          </Link>
        </>
      }
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
          error={(tried && email.trim() === '' ? t('auth.emailInvalid') : undefined) ?? fieldError('email')}
        />
        <PasswordInput
          label={t('auth.password')}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('auth.showPassword') }}
          error={tried && password === '' ? t('auth.passwordMissing') : undefined}
        />
        <Button type="submit" loading={busy} fullWidth>
          {t('auth.signIn')}
        </Button>
      </form>
      <p className={classes['foot']}>
        <Link to="/forgot" className={classes['link']}>
          {t('auth.forgot')}
        </Link>
      </p>
    </AuthLayout>
  );
}
