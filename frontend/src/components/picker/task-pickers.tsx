import { useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../lib/api/client.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyProblem } from '../../lib/notify.ts';
import { projectMembersQuery, statusesQuery } from '../../lib/queries/projects.ts';
import { labelsQuery } from '../../lib/queries/workspaces.ts';
import { prioritiesDescending } from '../../lib/tasks/order.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { Avatar } from '../avatar.tsx';
import { LabelDot } from '../task/label-chip.tsx';
import { PriorityIcon } from '../task/priority-icon.tsx';
import { StatusIcon } from '../task/status-icon.tsx';
import { OptionList } from './option-list.tsx';
import type { PickerRequest } from './picker-store.ts';

type RequestOf<Kind extends PickerRequest['kind']> = Extract<PickerRequest, { kind: Kind }>;

interface SinglePickerProps<Kind extends PickerRequest['kind']> {
  readonly request: RequestOf<Kind>;
  readonly label: string;
  readonly onClose: () => void;
}

/** The statuses of a project. */
export function StatusPicker({ request, label, onClose }: SinglePickerProps<'status'>) {
  const statuses = useQuery(statusesQuery(request.projectId)).data ?? [];
  return (
    <OptionList
      key={statuses.length}
      label={label}
      options={statuses.map((status) => ({
        id: status.id,
        label: status.name,
        icon: <StatusIcon category={status.category} color={status.color} />,
      }))}
      selected={request.value === undefined ? [] : [request.value]}
      onClose={onClose}
      onChoose={(id) => {
        const status = statuses.find((other) => other.id === id);
        onClose();
        if (status !== undefined) request.onPick(status);
      }}
    />
  );
}

/** The five priorities. */
export function PriorityPicker({ request, label, onClose }: SinglePickerProps<'priority'>) {
  return (
    <OptionList
      label={label}
      options={prioritiesDescending.map((priority) => ({
        id: priority,
        label: t(`priority.${priority}`),
        icon: <PriorityIcon priority={priority} />,
      }))}
      selected={[request.value]}
      onClose={onClose}
      onChoose={(id) => {
        const priority = prioritiesDescending.find((other) => other === id);
        onClose();
        if (priority !== undefined) request.onPick(priority);
      }}
    />
  );
}

interface ManyPickerProps {
  readonly label: string;
  readonly selected: readonly string[];
  readonly onChange: (ids: readonly string[]) => void;
  readonly onClose: () => void;
}

const toggled = (ids: readonly string[], id: string) =>
  ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id];

/** The people who see a project. */
export function AssigneePicker({
  projectId,
  label,
  selected,
  onChange,
  onClose,
}: ManyPickerProps & { readonly projectId: string }) {
  const { me, members, projectById } = useWorkspaceScope();
  const inProject = new Set((useQuery(projectMembersQuery(projectId)).data ?? []).map((member) => member.userId));
  const isPrivate = projectById.get(projectId)?.visibility === 'private';
  const seeing = members.filter(({ role, userId }) => {
    if (inProject.has(userId) || role === 'owner' || role === 'admin') return true;
    return role === 'member' && !isPrivate;
  });
  const rest = seeing
    .filter((member) => member.userId !== me.id)
    .toSorted((one, other) => one.name.localeCompare(other.name));
  const own = seeing.filter((member) => member.userId === me.id);
  return (
    <OptionList
      label={label}
      multiple
      options={[...own, ...rest].map((member) => ({
        id: member.userId,
        label: member.name,
        icon: <Avatar userId={member.userId} name={member.name} />,
      }))}
      selected={selected}
      onClose={onClose}
      onChoose={(id) => onChange(toggled(selected, id))}
    />
  );
}

/** The labels of the workspace; typing a new name makes one. */
export function LabelPicker({ label, selected, onChange, onClose }: ManyPickerProps) {
  const { workspace, labels } = useWorkspaceScope();
  const client = useQueryClient();
  const create = async (name: string) => {
    try {
      const created = await call('POST /workspaces/{id}/labels', { params: { id: workspace.id }, body: { name } });
      await client.invalidateQueries({ queryKey: labelsQuery(workspace.id).queryKey });
      onChange([...selected, created.id]);
    } catch (error) {
      notifyProblem(t('problem.title'), error);
    }
  };
  return (
    <OptionList
      label={label}
      multiple
      options={labels.map(({ id, name, color }) => ({ id, label: name, icon: <LabelDot color={color} /> }))}
      selected={selected}
      onClose={onClose}
      onChoose={(id) => onChange(toggled(selected, id))}
      create={{ label: (text) => t('picker.createLabel', { name: text }), onCreate: (text) => void create(text) }}
    />
  );
}
