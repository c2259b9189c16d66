import { ActionIcon } from '@mantine/core';
import { IconBell, IconBellFilled } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../lib/api/client.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyProblem } from '../../lib/notify.ts';
import { watchQuery } from '../../lib/queries/notifications.ts';

/** Whether the person is told what happens to a task, and the choice. Nothing while that is not known. */
export function WatchButton({ taskId }: { readonly taskId: string }) {
  const client = useQueryClient();
  const query = watchQuery(taskId);
  const { data: watching } = useQuery(query);
  const change = useMutation({
    mutationFn: (next: boolean) => call(`${next ? 'PUT' : 'DELETE'} /tasks/{id}/watch`, { params: { id: taskId } }),
    onMutate: (next) => {
      client.setQueryData(query.queryKey, next);
    },
    onError(error, next) {
      client.setQueryData(query.queryKey, !next);
      notifyProblem(t('watch.failed'), error);
    },
  });
  if (watching === undefined) return null;
  return (
    <ActionIcon
      variant="subtle"
      {...(watching ? {} : { color: 'gray' })}
      aria-pressed={watching}
      aria-label={t('watch.start')}
      title={t(watching ? 'watch.stopHint' : 'watch.startHint')}
      onClick={() => change.mutate(!watching)}
    >
      {watching ? <IconBellFilled size={17} /> : <IconBell size={17} stroke={1.7} />}
    </ActionIcon>
  );
}
