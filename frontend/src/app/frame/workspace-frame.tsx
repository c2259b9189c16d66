import { ActionIcon } from '@mantine/core';
import { IconLayoutSidebarLeftExpand, IconMenu2, IconPlus } from '@tabler/icons-react';
import { getRouteApi, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { PickerHost } from '../../components/picker/picker-host.tsx';
import { VerifyNotice } from '../../components/verify/verify-notice.tsx';
import { newTaskDefaults, openDialog } from '../../lib/dialogs.ts';
import { useLive } from '../../lib/live/use-live.ts';
import { t } from '../../lib/messages/translate.ts';
import { readStored, writeStored } from '../../lib/stored.ts';
import { WorkspaceScopeProvider } from '../../lib/workspace-scope.ts';
import { Dialogs } from './dialogs.tsx';
import { LiveStatus } from './live-status.tsx';
import { OpenTaskPanel } from './open-task-panel.tsx';
import { Sidebar } from './sidebar.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import { useWorkspaceData } from './use-workspace-data.ts';
import classes from './workspace-frame.module.css';

const route = getRouteApi('/signed-in/w/$workspace');

/** The frame around every page of a workspace: sidebar, page, task panel, dialogs, live updates. */
export function WorkspaceFrame() {
  const scope = useWorkspaceData(route.useParams().workspace);
  return (
    <WorkspaceScopeProvider value={scope}>
      <Frame
        workspaceId={scope.workspace.id}
        userId={scope.me.id}
        name={scope.workspace.name}
        canWrite={scope.canWrite}
      />
    </WorkspaceScopeProvider>
  );
}

interface FrameProps {
  readonly workspaceId: string;
  readonly userId: string;
  readonly name: string;
  readonly canWrite: boolean;
}

function Frame({ workspaceId, userId, name, canWrite }: FrameProps) {
  const live = useLive(workspaceId, userId);
  const { pathname } = useLocation();
  const [collapsed, setCollapsed] = useState(() => readStored('sidebar') === 'hidden');
  const [navOpen, setNavOpen] = useState(false);
  useShortcuts();
  // On a phone, going somewhere closes the navigation.
  useEffect(() => setNavOpen(false), [pathname]);

  const collapse = (next: boolean) => {
    setCollapsed(next);
    writeStored('sidebar', next ? 'hidden' : 'shown');
  };

  return (
    <div className={classes['frame']} data-collapsed={collapsed || undefined} data-nav-open={navOpen || undefined}>
      <a href="#page" className={classes['skip']}>
        {t('common.skipToContent')}
      </a>
      <div className={classes['topbar']}>
        <ActionIcon variant="subtle" color="gray" aria-label={t('nav.open')} onClick={() => setNavOpen(true)}>
          <IconMenu2 size={20} />
        </ActionIcon>
        <span className={classes['topbarTitle']}>{name}</span>
        {canWrite && (
          <ActionIcon
            variant="subtle"
            aria-label={t('nav.newTask')}
            onClick={() => openDialog({ kind: 'new-task', defaults: newTaskDefaults.get() })}
          >
            <IconPlus size={20} />
          </ActionIcon>
        )}
      </div>
      {navOpen && (
        <button
          type="button"
          className={classes['scrim']}
          aria-label={t('nav.close')}
          onClick={() => setNavOpen(false)}
        />
      )}
      <div className={classes['sidebar']}>
        <Sidebar onCollapse={() => collapse(true)} />
      </div>
      <div className={classes['main']}>
        {collapsed && (
          <ActionIcon
            className={classes['expand']}
            variant="subtle"
            color="gray"
            aria-label={t('nav.expand')}
            onClick={() => collapse(false)}
          >
            <IconLayoutSidebarLeftExpand size={18} stroke={1.7} />
          </ActionIcon>
        )}
        <main id="page" tabIndex={-1} className={classes['page']}>
          <VerifyNotice />
          <Outlet />
        </main>
        <OpenTaskPanel />
      </div>
      <LiveStatus state={live.state} onResume={live.restart} />
      <Dialogs />
      <PickerHost />
    </div>
  );
}
