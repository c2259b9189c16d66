import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { VerifyNotice } from '../../components/verify/verify-notice.tsx';
import { SettingsPage } from '../../components/settings/settings.tsx';
import { t } from '../../lib/messages/translate.ts';
import classes from './me.module.css';
import { NotificationSettings } from './notification-settings.tsx';
import { OwnJobs } from './own-jobs.tsx';
import { PasswordSettings } from './password-settings.tsx';
import { ProfileSettings } from './profile-settings.tsx';
import { SessionSettings } from './session-settings.tsx';
import { TokenSettings } from './token-settings.tsx';

/** The person's own settings, in every workspace the same. */
export function MePage() {
  return (
    <main className={classes['page']}>
      <div className={classes['top']}>
        <Button
          variant="subtle"
          color="gray"
          size="xs"
          leftSection={<IconArrowLeft size={15} />}
          renderRoot={(props) => <Link to="/" {...props} />}
        >
          {t('me.back')}
        </Button>
      </div>
      <SettingsPage title={t('me.title')}>
        <VerifyNotice />
        <ProfileSettings />
        <NotificationSettings />
        <PasswordSettings />
        <SessionSettings />
        <TokenSettings />
        <OwnJobs />
      </SettingsPage>
    </main>
  );
}
