import { ActionIcon, Button, TextInput } from '@mantine/core';
import type { Label } from '@taskflow/contract/workspaces';
import { IconTrash } from '@tabler/icons-react';
import { type SyntheticEvent, useState } from 'react';
import { palette } from '../../components/color-field.tsx';
import { ColorSwatch } from '../../components/color-swatch.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { NameField, SettingsRow, SettingsSection, settingsClasses } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { t } from '../../lib/messages/translate.ts';
import { labelsQuery } from '../../lib/queries/workspaces.ts';
import { useChange } from '../../lib/use-change.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';

/** The labels that tasks of every project share. */
export function LabelSettings() {
  const { workspace, labels } = useWorkspaceScope();
  const [leaving, setLeaving] = useState<Label>();
  const labelsKey = labelsQuery(workspace.id).queryKey;
  const change = useChange(
    ({ label, ...body }: { label: Label; name?: string; color?: string }) =>
      call('PATCH /workspaces/{id}/labels/{labelId}', {
        params: { id: workspace.id, labelId: label.id },
        body,
        ifMatch: label.version,
      }),
    labelsKey,
  );
  const remove = useChange(
    (label: Label) =>
      call('DELETE /workspaces/{id}/labels/{labelId}', {
        params: { id: workspace.id, labelId: label.id },
        ifMatch: label.version,
      }),
    labelsKey,
    ['tasks'],
    ['task'],
  );
  return (
    <SettingsSection title={t('settings.labels')} {...(labels.length === 0 ? { lead: t('label.none') } : {})}>
      <ul>
        {labels.map((label) => (
          <SettingsRow
            key={label.id}
            icon={
              <ColorSwatch
                name={label.name}
                color={label.color}
                onChange={(color) => change.mutate({ label, color })}
              />
            }
            name={
              <NameField
                label={t('label.name')}
                value={label.name}
                maxLength={50}
                onSave={(name) => change.mutate({ label, name })}
              />
            }
          >
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('label.delete', { name: label.name })}
              onClick={() => setLeaving(label)}
            >
              <IconTrash size={16} stroke={1.7} />
            </ActionIcon>
          </SettingsRow>
        ))}
      </ul>
      <NewLabel />
      {leaving !== undefined && (
        <ConfirmDialog
          title={t('label.delete', { name: leaving.name })}
          text={t('label.deleteText', { name: leaving.name })}
          action={t('common.delete')}
          onConfirm={() => remove.mutateAsync(leaving)}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </SettingsSection>
  );
}

function NewLabel() {
  const { workspace, labels } = useWorkspaceScope();
  const [name, setName] = useState('');
  const color = palette[labels.length % palette.length] ?? palette[0];
  const add = useChange(
    () => call('POST /workspaces/{id}/labels', { params: { id: workspace.id }, body: { name, color } }),
    labelsQuery(workspace.id).queryKey,
  );
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (name.trim() !== '') add.mutate(undefined, { onSuccess: () => setName('') });
  };
  return (
    <form className={settingsClasses.foot} onSubmit={submit}>
      <TextInput
        className={settingsClasses.grow}
        aria-label={t('label.new')}
        placeholder={t('label.new')}
        maxLength={50}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={add.isPending}>
        {t('common.add')}
      </Button>
    </form>
  );
}
