import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type SyntheticEvent, useState } from 'react';
import { call } from '../../lib/api/client.ts';
import { t } from '../../lib/messages/translate.ts';
import { instanceQuery } from '../../lib/queries/instance.ts';
import { AuthLayout } from './auth-layout.tsx';
import classes from './auth-layout.module.css';
import { useEntry } from './use-entry.ts';

const route = getRouteApi('/sign-up');
const passwordLengthAtLeast = 8;

interface Draft {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** What is missing in a field, if anything. */
function missing({ name, email, password }: Draft): Partial<Draft> {
  return {
    ...(name.trim() === '' ? { name: t('auth.nameMissing') } : {}),
    ...(/^\S+@\S+$/.test(email.trim()) ? {} : { email: t('auth.emailInvalid') }),
    ...(password.length < passwordLengthAtLeast ? { password: t('auth.passwordShort') } : {}),
  };
}

/** Creating an account; with `?invitation=` the person joins that workspace at once. */
export function SignUpPage() {
  const search = route.useSearch();
  const { invitation } = search;
  // Whoever signs up with an invitation has joined by that: its link is spent.
  const { enter, busy, problem, fieldError } = useEntry(search.next ?? '/');
  const [draft, setDraft] = useState<Draft>({ name: '', email: '', password: '' });
  const [tried, setTried] = useState(false);
  const instance = useQuery(instanceQuery);
  const shut =
    instance.data?.registration === 'closed' || (instance.data?.registration === 'invite' && invitation === undefined);
  const wrong = tried ? missing(draft) : {};

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(missing(draft)).length > 0) return;
    const body = { ...draft, ...(invitation === undefined ? {} : { invitation }) };
    void enter(() => call('POST /auth/register', { body }));
  };

  return (
    <AuthLayout
      title={t('auth.signUpTitle')}
      lead={t('auth.signUpLead')}
      problem={problem ?? (shut ? t('auth.registrationByInvitation') : undefined)}
      foot={
        <>
          {t('auth.haveAccount')}{' '}
          <Link to="/sign-in" search={search} className={classes['link']}>
            {t('auth.signIn')}
          </Link>
        </>
      }
    >
      <form className={classes['form']} onSubmit={submit} noValidate>
        <TextInput
          label={t('auth.name')}
          name="name"
          autoComplete="name"
          autoFocus
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          error={wrong.name ?? fieldError('name')}
        />
        <TextInput
          label={t('auth.email')}
          type="email"
          name="email"
          autoComplete="username"
          value={draft.email}
          onChange={(event) => setDraft({ ...draft, email: event.currentTarget.value })}
          error={wrong.email ?? fieldError('email')}
        />
        <PasswordInput
          label={t('auth.password')}
          description={t('auth.passwordHint')}
          name="password"
          autoComplete="new-password"
          value={draft.password}
          onChange={(event) => setDraft({ ...draft, password: event.currentTarget.value })}
          visibilityToggleButtonProps={{ 'aria-label': t('auth.showPassword') }}
          error={wrong.password ?? fieldError('password')}
        />
        <Button type="submit" loading={busy} fullWidth>
          {t('auth.signUp')}
        </Button>
      </form>
    </AuthLayout>
  );
}
