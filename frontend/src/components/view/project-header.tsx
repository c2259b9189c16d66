import { Button } from '@mantine/core';
import { IconLayoutKanban, IconLayoutList, IconLock, IconPlus, IconSettings } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { newTaskDefaults, openDialog } from '../../lib/dialogs.ts';
import { t } from '../../lib/messages/translate.ts';
import { useProjectScope } from '../../lib/project-scope.ts';
import { defaultsOfFilter } from '../../lib/tasks/filter-defaults.ts';
import { useViewSearch } from '../../lib/tasks/use-view-tasks.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { LabelDot } from '../task/label-chip.tsx';
import { FilterBar } from './filter-bar.tsx';
import classes from './project-header.module.css';
import { useTitle } from '../../lib/use-title.ts';

const iconProps = { size: 16, stroke: 1.7, 'aria-hidden': true } as const;

/** The top of a project: its name, its views, the filter, and "New task". */
export function ProjectHeader() {
  const { project, canConfigure } = useProjectScope();
  const { workspace, me, canWrite } = useWorkspaceScope();
  const search = useViewSearch();
  const { pathname } = useLocation();
  useTitle(project.name);
  const params = { workspace: workspace.slug, key: project.key };

  // Wherever `C` is pressed on this page, the new task fits what is in view.
  useEffect(() => {
    newTaskDefaults.set({ projectId: project.id, ...defaultsOfFilter(search, me.id) });
    return () => newTaskDefaults.set({});
  }, [project.id, search, me.id]);

  const tab = { params, className: classes['tab'], search: true, activeOptions: { includeSearch: false } } as const;
  return (
    <header className={classes['header']}>
      <div className={classes['top']}>
        <h1 className={classes['name']}>
          <LabelDot color={project.color} />
          <span className={classes['nameText']}>{project.name}</span>
          {project.visibility === 'private' && (
            <IconLock size={14} color="var(--text-3)" aria-label={t('project.private')} />
          )}
        </h1>
        <nav className={classes['tabs']} aria-label={t('view.tabs')}>
          <Link to="/w/$workspace/p/$key/board" {...tab}>
            <IconLayoutKanban {...iconProps} />
            {t('view.board')}
          </Link>
          <Link to="/w/$workspace/p/$key/list" {...tab}>
            <IconLayoutList {...iconProps} />
            {t('view.list')}
          </Link>
          {canConfigure && (
            <Link to="/w/$workspace/p/$key/settings" {...tab}>
              <IconSettings {...iconProps} />
              {t('view.settings')}
            </Link>
          )}
        </nav>
        <span className={classes['space']} />
        {canWrite && (
          <Button
            className={classes['newTask'] ?? ''}
            size="xs"
            leftSection={<IconPlus size={15} />}
            onClick={() => openDialog({ kind: 'new-task', defaults: newTaskDefaults.get() })}
          >
            {t('view.newTask')}
          </Button>
        )}
      </div>
      {!pathname.endsWith('/settings') && <FilterBar withDisplay={pathname.endsWith('/list')} />}
    </header>
  );
}
