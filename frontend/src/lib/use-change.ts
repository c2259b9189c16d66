import { useMutation, useQueryClient } from '@tanstack/react-query';
import { t } from './messages/translate.ts';
import { notifyProblem } from './notify.ts';

/**
 * A change of settings: sends it, reads again what it touched, and says why when it is refused. Somebody else's
 * change meanwhile is read again too, so that the next try is based on what is there.
 */
export function useChange<Input>(
  send: (input: Input) => Promise<unknown>,
  ...touched: ReadonlyArray<readonly unknown[]>
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onError: (error) => notifyProblem(t('problem.title'), error),
    onSettled: () => Promise.all(touched.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
