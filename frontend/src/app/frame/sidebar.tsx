import { ActionIcon } from '@mantine/core';
import {
  IconActivityHeartbeat,
  IconEdit,
  IconHome,
  IconLayoutSidebarLeftCollapse,
  IconLock,
  IconPlus,
  IconSearch,
  IconSettings,
  IconUserCheck,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { LabelDot } from '../../components/task/label-chip.tsx';
import { newTaskDefaults, openDialog } from '../../lib/dialogs.ts';
import { t } from '../../lib/messages/translate.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { InboxLink } from './inbox-link.tsx';
import { PersonMenu } from './person-menu.tsx';
import classes from './sidebar.module.css';
import { WorkspaceMenu } from './workspace-menu.tsx';

/** The way to everything in a workspace. */
export function Sidebar({ onCollapse }: { readonly onCollapse: () => void }) {
  const { workspace, me, canManage, canWrite } = useWorkspaceScope();
  const params = { workspace: workspace.slug };
  const item = { className: classes['item'], activeOptions: { exact: true, includeSearch: false } };
  return (
    <nav className={classes['nav']} aria-label={t('nav.label')}>
      <div className={classes['head']}>
        <WorkspaceMenu />
        <ActionIcon variant="subtle" color="gray" visibleFrom="md" aria-label={t('nav.collapse')} onClick={onCollapse}>
          <IconLayoutSidebarLeftCollapse size={18} stroke={1.7} />
        </ActionIcon>
      </div>
      {canWrite && (
        <button
          type="button"
          className={classes['item']}
          onClick={() => openDialog({ kind: 'new-task', defaults: newTaskDefaults.get() })}
        >
          <IconEdit size={18} stroke={1.7} aria-hidden />
          {t('nav.newTask')}
          <kbd className={classes['kbd']} aria-hidden>
            C
          </kbd>
        </button>
      )}
      <button type="button" className={classes['item']} onClick={() => openDialog({ kind: 'search' })}>
        <IconSearch size={18} stroke={1.7} aria-hidden />
        {t('nav.search')}
        <kbd className={classes['kbd']} aria-hidden>
          /
        </kbd>
      </button>
      <Link to="/w/$workspace" params={params} {...item}>
        <IconHome size={18} stroke={1.7} aria-hidden />
        {t('nav.home')}
      </Link>
      <Link to="/w/$workspace/my" params={params} {...item}>
        <IconUserCheck size={18} stroke={1.7} aria-hidden />
        {t('nav.myTasks')}
      </Link>
      <InboxLink />
      <div className={classes['section']}>
        {t('nav.projects')}
        {canWrite && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t('nav.newProject')}
            title={t('nav.newProject')}
            onClick={() => openDialog({ kind: 'new-project' })}
          >
            <IconPlus size={16} />
          </ActionIcon>
        )}
      </div>
      <Projects />
      {me.isOperator && (
        <Link to="/operations" className={classes['item']}>
          <IconActivityHeartbeat size={18} stroke={1.7} aria-hidden />
          {t('nav.operations')}
        </Link>
      )}
      <div className={classes['foot']}>
        <PersonMenu />
        {canManage && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('nav.settings')}
            renderRoot={(props) => <Link to="/w/$workspace/settings" params={params} {...props} />}
          >
            <IconSettings size={18} stroke={1.7} />
          </ActionIcon>
        )}
      </div>
    </nav>
  );
}

function Projects() {
  const { workspace, projects } = useWorkspaceScope();
  return (
    <ul className={classes['projects']}>
      {projects.map((project) => (
        <li key={project.id}>
          <Link
            to="/w/$workspace/p/$key/board"
            params={{ workspace: workspace.slug, key: project.key }}
            className={classes['item']}
            activeOptions={{ includeSearch: false }}
          >
            <span className={classes['icon']}>
              <LabelDot color={project.color} />
            </span>
            <span className={classes['name']}>{project.name}</span>
            <span className={classes['key']} aria-hidden>
              {project.visibility === 'private' ? <IconLock size={13} /> : project.key}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
