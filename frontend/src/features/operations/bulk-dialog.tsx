import type { Body } from '@taskflow/contract/api';
import type { JobAction } from '@taskflow/contract/operations';
import { useQueryClient } from '@tanstack/react-query';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { call } from '../../lib/api/client.ts';
import { notifyDone } from '../../lib/notify.ts';
import { allJobsKey, quarantineQuery } from '../../lib/queries/operations.ts';
import { t } from './translate.ts';

/** What jobs a bulk action is about. */
export type BulkFilter = Body<'POST /jobs/bulk'>['filter'];

interface BulkDialogProps {
  readonly action: JobAction;
  readonly text: string;
  readonly filter: BulkFilter;
  readonly onClose: () => void;
}

/** Asks before something is done with many jobs, does it, and says to how many. */
export function BulkDialog({ action, text, filter, onClose }: BulkDialogProps) {
  const client = useQueryClient();
  const confirm = async () => {
    const { changed, hasMore } = await call('POST /jobs/bulk', { body: { filter, action } });
    const done = t(`ops.acted.${action}`, { count: changed });
    notifyDone(hasMore ? t('ops.actedMore', { done }) : done);
    await Promise.all([
      client.invalidateQueries({ queryKey: allJobsKey }),
      client.invalidateQueries({ queryKey: quarantineQuery.queryKey }),
    ]);
  };
  return (
    <ConfirmDialog
      title={t(`ops.actAll.${action}`)}
      text={text}
      action={t(`ops.actAll.${action}`)}
      onConfirm={confirm}
      onClose={onClose}
    />
  );
}
