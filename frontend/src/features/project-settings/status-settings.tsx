import { ActionIcon, Button, TextInput } from '@mantine/core';
import type { Status, StatusCategory } from '@taskflow/contract/projects';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import { type SyntheticEvent, useState } from 'react';
import { palette } from '../../components/color-field.tsx';
import { ColorSwatch } from '../../components/color-swatch.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import {
  Choice,
  NameField,
  SettingsRow,
  SettingsSection,
  settingsClasses,
} from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { t } from '../../lib/messages/translate.ts';
import { useProjectScope } from '../../lib/project-scope.ts';
import { statusesQuery } from '../../lib/queries/projects.ts';
import { useChange } from '../../lib/use-change.ts';

const categories: readonly StatusCategory[] = ['backlog', 'unstarted', 'started', 'completed', 'canceled'];
const categoryOptions = categories.map((value) => ({ value, name: t(`category.${value}`) }));

type StatusEdit = Partial<Pick<Status, 'name' | 'category' | 'color' | 'position'>>;

/** The columns of the board: add, rename, recolour, reorder, delete. */
export function StatusSettings() {
  const { project, statuses } = useProjectScope();
  const statusesKey = statusesQuery(project.id).queryKey;
  const [leaving, setLeaving] = useState<Status>();
  const change = useChange(
    ({ status, edit }: { status: Status; edit: StatusEdit }) =>
      call('PATCH /projects/{id}/statuses/{statusId}', {
        params: { id: project.id, statusId: status.id },
        body: edit,
        ifMatch: status.version,
      }),
    statusesKey,
    ['tasks'],
  );
  return (
    <SettingsSection title={t('settings.statuses')}>
      <ul>
        {statuses.map((status, index) => {
          const save = (edit: StatusEdit) => change.mutate({ status, edit });
          return (
            <SettingsRow
              key={status.id}
              icon={<ColorSwatch name={status.name} color={status.color} onChange={(color) => save({ color })} />}
              name={
                <NameField
                  label={t('status.name')}
                  value={status.name}
                  maxLength={50}
                  onSave={(name) => save({ name })}
                />
              }
            >
              <Choice
                label={t('status.categoryOf', { name: status.name })}
                value={status.category}
                options={categoryOptions}
                onChoose={(category) => save({ category })}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('status.moveUp', { name: status.name })}
                disabled={index === 0}
                onClick={() => save({ position: index - 1 })}
              >
                <IconArrowUp size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('status.moveDown', { name: status.name })}
                disabled={index === statuses.length - 1}
                onClick={() => save({ position: index + 1 })}
              >
                <IconArrowDown size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('status.delete', { name: status.name })}
                disabled={statuses.length === 1}
                onClick={() => setLeaving(status)}
              >
                <IconTrash size={16} stroke={1.7} />
              </ActionIcon>
            </SettingsRow>
          );
        })}
      </ul>
      <NewStatus />
      {leaving !== undefined && <DeleteStatus status={leaving} onClose={() => setLeaving(undefined)} />}
    </SettingsSection>
  );
}

function NewStatus() {
  const { project, statuses } = useProjectScope();
  const [name, setName] = useState('');
  const [category, setCategory] = useState<StatusCategory>('started');
  const color = palette[statuses.length % palette.length] ?? palette[0];
  const add = useChange(
    () => call('POST /projects/{id}/statuses', { params: { id: project.id }, body: { name, category, color } }),
    statusesQuery(project.id).queryKey,
  );
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (name.trim() !== '') add.mutate(undefined, { onSuccess: () => setName('') });
  };
  return (
    <form className={settingsClasses.foot} onSubmit={submit}>
      <TextInput
        className={settingsClasses.grow}
        aria-label={t('status.new')}
        placeholder={t('status.new')}
        maxLength={50}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Choice
        label={t('status.category')}
        style={{ height: 36 }}
        value={category}
        options={categoryOptions}
        onChoose={setCategory}
      />
      <Button type="submit" variant="default" loading={add.isPending}>
        {t('common.add')}
      </Button>
    </form>
  );
}

function DeleteStatus({ status, onClose }: { readonly status: Status; readonly onClose: () => void }) {
  const { project, statuses } = useProjectScope();
  const others = statuses.filter((other) => other.id !== status.id);
  const [moveTo, setMoveTo] = useState(others[0]?.id ?? '');
  const remove = useChange(
    () =>
      call('DELETE /projects/{id}/statuses/{statusId}', {
        params: { id: project.id, statusId: status.id },
        query: { moveTo },
        ifMatch: status.version,
      }),
    statusesQuery(project.id).queryKey,
    ['tasks'],
    ['task'],
  );
  return (
    <ConfirmDialog
      title={t('status.delete', { name: status.name })}
      text={t('status.deleteText')}
      action={t('common.delete')}
      onConfirm={() => remove.mutateAsync(undefined)}
      onClose={onClose}
    >
      <p>
        {t('status.moveTo')}{' '}
        <Choice
          label={t('status.moveTo')}
          value={moveTo}
          options={others.map(({ id, name }) => ({ value: id, name }))}
          onChoose={setMoveTo}
        />
      </p>
    </ConfirmDialog>
  );
}
