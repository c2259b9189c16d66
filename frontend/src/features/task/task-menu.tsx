import { ActionIcon, Menu } from '@mantine/core';
import type { Task } from '@taskflow/contract/tasks';
import { IconDots, IconLink, IconTrash } from '@tabler/icons-react';
import { copyText } from '../../lib/copy-text.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyDone } from '../../lib/notify.ts';
import { useTaskActions } from '../../lib/tasks/task-actions.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';

interface TaskMenuProps {
  readonly task: Task;
  readonly onDeleted: () => void;
}

/** What can be done to a task as a whole. */
export function TaskMenu({ task, onDeleted }: TaskMenuProps) {
  const { workspace, canWrite } = useWorkspaceScope();
  const { remove } = useTaskActions();
  const address = new URL(`/w/${workspace.slug}/t/${task.key}`, location.origin).href;
  return (
    <Menu position="bottom-end" width={180} shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('common.actions')}>
          <IconDots size={18} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconLink size={16} stroke={1.7} />}
          onClick={() => void copyText(address).then((copied) => notifyDone(copied ? t('task.linkCopied') : address))}
        >
          {t('task.copyLink')}
        </Menu.Item>
        {canWrite && (
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} stroke={1.7} />}
            onClick={() => {
              onDeleted();
              void remove(task);
            }}
          >
            {t('task.delete')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
