import { Menu } from '@mantine/core';
import { IconCheck, IconPlus, IconSelector, IconSettings, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { t } from '../../lib/messages/translate.ts';
import { workspacesQuery } from '../../lib/queries/workspaces.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './sidebar.module.css';

const initialOf = (name: string) => [...name.trim()][0]?.toUpperCase() ?? '';

/** Switches between workspaces and leads to new ones. */
export function WorkspaceMenu() {
  const { workspace, canManage } = useWorkspaceScope();
  const workspaces = useQuery(workspacesQuery).data ?? [workspace];
  const toSettings = (props: Record<string, unknown>) => (
    <Link to="/w/$workspace/settings" params={{ workspace: workspace.slug }} {...props} />
  );
  return (
    <Menu position="bottom-start" width={232} shadow="md">
      <Menu.Target>
        <button type="button" className={classes['switcher']} title={t('nav.switchWorkspace')}>
          <span className={classes['badge']} aria-hidden>
            {initialOf(workspace.name)}
          </span>
          <span className={classes['name']}>{workspace.name}</span>
          <IconSelector size={14} color="var(--text-3)" aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {workspaces.map((other) => (
          <Menu.Item
            key={other.id}
            leftSection={
              <span className={classes['badge']} aria-hidden>
                {initialOf(other.name)}
              </span>
            }
            rightSection={other.id === workspace.id ? <IconCheck size={15} aria-hidden /> : undefined}
            renderRoot={(props) => <Link to="/w/$workspace" params={{ workspace: other.slug }} {...props} />}
          >
            {other.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {canManage && (
          <Menu.Item leftSection={<IconUserPlus size={16} stroke={1.7} />} renderRoot={toSettings}>
            {t('nav.invite')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconSettings size={16} stroke={1.7} />} renderRoot={toSettings}>
          {t('nav.settings')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconPlus size={16} stroke={1.7} />}
          renderRoot={(props) => <Link to="/new-workspace" {...props} />}
        >
          {t('nav.newWorkspace')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
