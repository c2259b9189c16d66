import type { Comment } from '@taskflow/contract/comments';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { call } from '../../lib/api/client.ts';
import { mergeComment } from '../../lib/live/apply-live-event.ts';
import { t } from '../../lib/messages/translate.ts';
import { notifyUndo } from '../../lib/notify.ts';
import { commentsQuery } from '../../lib/queries/discussion.ts';

/** Writing, editing and deleting comments of a task; each throws what the API refuses. */
export function useCommentActions(taskId: string) {
  const client = useQueryClient();
  return useMemo(() => {
    const merge = (comment: Comment | null, commentId: string | null) =>
      client.setQueryData(commentsQuery(taskId).queryKey, (known) =>
        known === undefined ? known : mergeComment(known, comment, commentId),
      );
    return {
      add: async (body: string, idempotencyKey: string) => {
        const comment = await call('POST /tasks/{id}/comments', {
          params: { id: taskId },
          body: { body },
          idempotencyKey,
        });
        merge(comment, comment.id);
      },
      edit: async (comment: Comment, body: string) => {
        const edited = await call('PATCH /comments/{id}', {
          params: { id: comment.id },
          body: { body },
          ifMatch: comment.version,
        });
        merge(edited, edited.id);
      },
      remove: async (comment: Comment) => {
        await call('DELETE /comments/{id}', { params: { id: comment.id }, ifMatch: comment.version });
        merge(null, comment.id);
        notifyUndo(t('comment.deleted'), async () => {
          const restored = await call('POST /comments/{id}/restore', { params: { id: comment.id } });
          merge(restored, restored.id);
        });
      },
    };
  }, [client, taskId]);
}
