import { Button, TextInput } from '@mantine/core';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { SettingsSection, settingsClasses } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { isProblem } from '../../lib/api/problem.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyDone } from '../../lib/notify.ts';
import { meQuery } from '../../lib/queries/me.ts';

/** The name that others see. */
export function ProfileSettings() {
  const { data: me } = useSuspenseQuery(meQuery);
  const client = useQueryClient();
  const [name, setName] = useState(me.name);
  const [error, setError] = useState<unknown>();
  const save = async (event: SyntheticEvent) => {
    event.preventDefault();
    setError(undefined);
    try {
      const saved = await call('PATCH /me', { body: { name }, ifMatch: me.version });
      client.setQueryData(meQuery.queryKey, saved);
      await client.invalidateQueries({ queryKey: ['members'] });
      notifyDone(t('common.saved'));
    } catch (thrown) {
      if (isProblem(thrown, 'stale_version')) await client.invalidateQueries({ queryKey: meQuery.queryKey });
      setError(thrown);
    }
  };
  return (
    <SettingsSection title={t('me.profile')}>
      <form className={settingsClasses.padded} onSubmit={(event) => void save(event)}>
        <TextInput
          label={t('auth.name')}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={error === undefined ? undefined : problemText(error)}
        />
        <TextInput label={t('auth.email')} value={me.email} readOnly />
        <div className={settingsClasses.actions}>
          <Button type="submit" disabled={name.trim() === '' || name === me.name}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </SettingsSection>
  );
}
