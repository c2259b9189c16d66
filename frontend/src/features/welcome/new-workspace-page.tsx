import { useRouter } from '@tanstack/react-router';
import { t } from '../../lib/messages/translate.ts';
import { CreateWorkspace } from './create-workspace.tsx';

/** A further workspace. */
export function NewWorkspacePage() {
  const router = useRouter();
  return <CreateWorkspace title={t('workspace.newTitle')} onCancel={() => router.history.back()} />;
}
