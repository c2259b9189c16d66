import { Menu, type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import {
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
  type TablerIcon,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Avatar } from '../../components/avatar.tsx';
import { call } from '../../lib/api/client.ts';
import { openDialog } from '../../lib/dialogs.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyProblem } from '../../lib/notify.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './sidebar.module.css';

const schemes: ReadonlyArray<{
  readonly scheme: MantineColorScheme;
  readonly name: string;
  readonly Icon: TablerIcon;
}> = [
  { scheme: 'light', name: t('nav.themeLight'), Icon: IconSun },
  { scheme: 'dark', name: t('nav.themeDark'), Icon: IconMoon },
  { scheme: 'auto', name: t('nav.themeAuto'), Icon: IconDeviceDesktop },
];

/** The person's own menu: profile, theme, shortcuts, signing out. */
export function PersonMenu() {
  const { me } = useWorkspaceScope();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const client = useQueryClient();
  const navigate = useNavigate();
  const choose = (value: unknown) => {
    const chosen = schemes.find(({ scheme }) => scheme === value);
    if (chosen !== undefined) setColorScheme(chosen.scheme);
  };
  const signOut = async () => {
    try {
      await call('POST /auth/logout');
      client.clear();
      await navigate({ to: '/sign-in' });
    } catch (error) {
      notifyProblem(t('problem.title'), error);
    }
  };
  return (
    <Menu position="top-start" width={220} shadow="md">
      <Menu.Target>
        <button type="button" className={classes['person']} aria-label={t('nav.personMenu', { name: me.name })}>
          <Avatar userId={me.id} name={me.name} size={24} />
          <span className={classes['name']}>{me.name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconUserCircle size={16} stroke={1.7} />}
          renderRoot={(props) => <Link to="/me" {...props} />}
        >
          {t('nav.profile')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKeyboard size={16} stroke={1.7} />}
          onClick={() => openDialog({ kind: 'shortcuts' })}
        >
          {t('nav.shortcuts')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('nav.theme')}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={choose}>
          {schemes.map(({ scheme, name, Icon }) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              <span className={classes['choice']}>
                <Icon size={16} stroke={1.7} aria-hidden />
                {name}
              </span>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.7} />} onClick={() => void signOut()}>
          {t('nav.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
