import { Button } from '@mantine/core';
import { IconFilterOff, IconListCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { newTaskDefaults, openDialog } from '../../lib/dialogs.ts';
import { t } from '../../lib/messages/translate.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { PageState } from '../page/page-states.tsx';

/** A view without tasks: what to do next. */
export function NoTasks({ filtered }: { readonly filtered: boolean }) {
  const { canWrite } = useWorkspaceScope();
  if (filtered) {
    return (
      <PageState
        icon={<IconFilterOff size={22} stroke={1.6} />}
        title={t('view.noMatchTitle')}
        text={t('view.noMatchText')}
      >
        <Button
          variant="default"
          renderRoot={(props) => <Link to="." search={({ task }) => (task === undefined ? {} : { task })} {...props} />}
        >
          {t('filter.clear')}
        </Button>
      </PageState>
    );
  }
  return (
    <PageState icon={<IconListCheck size={22} stroke={1.6} />} title={t('view.emptyTitle')} text={t('view.emptyText')}>
      {canWrite && (
        <Button onClick={() => openDialog({ kind: 'new-task', defaults: newTaskDefaults.get() })}>
          {t('view.newTask')}
        </Button>
      )}
    </PageState>
  );
}
