import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { attachClosestEdge, extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge';
import type { Task } from '@taskflow/contract/tasks';
import { IconMessage, IconSubtask } from '@tabler/icons-react';
import { memo, type RefObject, useEffect, useRef, useState } from 'react';
import { AvatarStack } from '../../components/avatar.tsx';
import { DueBadge } from '../../components/task/due-badge.tsx';
import { FieldButton } from '../../components/task/field-button.tsx';
import { assigneesLabel, priorityLabel } from '../../components/task/field-labels.ts';
import { LabelChip } from '../../components/task/label-chip.tsx';
import { PriorityIcon } from '../../components/task/priority-icon.tsx';
import { TaskLink } from '../../components/task/task-link.tsx';
import { useFlash } from '../../lib/live/flashes.ts';
import { t } from '../../lib/messages/translate.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './board.module.css';
import { cardData, readDragged } from './drag-data.ts';

interface TaskCardProps {
  readonly task: Task;
  readonly open: boolean;
  readonly lifted: boolean;
  readonly instructionsId: string;
}

/** A card of the board: drag it, open it, or change a field in place. */
export const TaskCard = memo(function TaskCard({ task, open, lifted, instructionsId }: TaskCardProps) {
  const slot = useRef<HTMLLIElement>(null);
  const flash = useFlash(task.id);
  const { dragging, edge } = useCardDragging(slot, task);
  return (
    <li ref={slot} className={classes['slot']} data-edge={edge}>
      <article
        className={classes['card']}
        aria-label={task.title}
        data-task-id={task.id}
        data-open={open || undefined}
        data-dragging={dragging || undefined}
        data-lifted={lifted || undefined}
        data-flash={flash}
      >
        <div className={classes['cardTop']}>
          {task.key}
          <Assignees task={task} />
        </div>
        <TaskLink taskKey={task.key} className={classes['title']} describedBy={instructionsId}>
          {task.title}
        </TaskLink>
        <CardFields task={task} />
      </article>
    </li>
  );
});

function Assignees({ task }: { readonly task: Task }) {
  const scope = useWorkspaceScope();
  return (
    <FieldButton task={task} field="assignees" label={assigneesLabel(task, scope)}>
      <AvatarStack userIds={task.assigneeIds} />
    </FieldButton>
  );
}

function CardFields({ task }: { readonly task: Task }) {
  const { labelById } = useWorkspaceScope();
  const { comments, subtasks, completedSubtasks } = task.counts;
  const labels = task.labelIds.flatMap((labelId) => labelById.get(labelId) ?? []);
  return (
    <div className={classes['meta']}>
      <FieldButton task={task} field="priority" label={priorityLabel(task)}>
        <PriorityIcon priority={task.priority} />
      </FieldButton>
      {labels.length > 0 && (
        <FieldButton
          task={task}
          field="labels"
          label={`${t('task.labels')}: ${labels.map((label) => label.name).join(', ')}`}
          className={classes['labels']}
        >
          {labels.map((label) => (
            <LabelChip key={label.id} label={label} />
          ))}
        </FieldButton>
      )}
      {task.dueAt !== null && (
        <FieldButton task={task} field="due" label={t('picker.due')}>
          <DueBadge task={task} />
        </FieldButton>
      )}
      {subtasks > 0 && (
        <span
          className={classes['tally']}
          title={t('task.subtaskProgress', { done: completedSubtasks, total: subtasks })}
        >
          <IconSubtask size={14} stroke={1.7} aria-hidden />
          {completedSubtasks}/{subtasks}
        </span>
      )}
      {comments > 0 && (
        <span className={classes['tally']} title={t('task.comments', { count: comments })}>
          <IconMessage size={14} stroke={1.7} aria-hidden />
          {comments}
        </span>
      )}
    </div>
  );
}

function useCardDragging(slot: RefObject<HTMLLIElement | null>, task: Task) {
  const { canWrite } = useWorkspaceScope();
  const [dragging, setDragging] = useState(false);
  const [edge, setEdge] = useState<string | undefined>();
  const { id } = task;

  useEffect(() => {
    const element = slot.current;
    if (element === null || !canWrite) return undefined;
    return combine(
      draggable({
        element,
        getInitialData: () => cardData(id),
        onDragStart: () => setDragging(true),
        onDrop: () => setDragging(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => readDragged(source.data) !== undefined,
        getData: ({ input }) => attachClosestEdge(cardData(id), { element, input, allowedEdges: ['top', 'bottom'] }),
        onDrag: ({ self, source }) =>
          setEdge(readDragged(source.data) === id ? undefined : (extractClosestEdge(self.data) ?? undefined)),
        onDragLeave: () => setEdge(undefined),
        onDrop: () => setEdge(undefined),
      }),
    );
  }, [slot, id, canWrite]);

  return { dragging, edge };
}
