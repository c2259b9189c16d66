export function WorkspaceSettingsPage() {
  return null;
}
