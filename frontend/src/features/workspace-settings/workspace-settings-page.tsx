import { SettingsPage } from '../../components/settings/settings.tsx';
import { t } from '../../lib/messages/translate.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { DangerSettings } from './danger-settings.tsx';
import { GeneralSettings } from './general-settings.tsx';
import { InvitationSettings } from './invitation-settings.tsx';
import { LabelSettings } from './label-settings.tsx';
import { MemberSettings } from './member-settings.tsx';
import { ReportSettings } from '../exchange/report-settings.tsx';
import { WebhookSettings } from '../webhooks/webhook-settings.tsx';

/** Settings of a workspace; members see who is in and the labels, admins the rest too. */
export function WorkspaceSettingsPage() {
  const { canManage, canWrite } = useWorkspaceScope();
  return (
    <SettingsPage title={t('workspace.settingsTitle')}>
      {canManage && <GeneralSettings />}
      <MemberSettings />
      {canManage && <InvitationSettings />}
      {canWrite && <LabelSettings />}
      {canWrite && <ReportSettings />}
      {canManage && <WebhookSettings />}
      <DangerSettings />
    </SettingsPage>
  );
}
