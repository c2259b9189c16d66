import type { LiveEvent } from '@taskflow/contract/activity';
import type { QueryClient } from '@tanstack/react-query';

/** What follows from an event is made right after it; a wait of this length finds it, and joins what comes together. */
const delayMs = 1_500;

const waiting = new WeakSet<QueryClient>();

/** Whether somebody may be told of it: an assignment, a mention, a comment, another status. */
function mayConcern({ type, changes }: LiveEvent): boolean {
  return type === 'comment.created' || ['assigneeIds', 'mentionIds', 'statusId'].some((field) => field in changes);
}

/** Reads the inbox again, where it is on screen, soon after something happened that the person may be told of. */
export function refreshInbox(client: QueryClient, event: LiveEvent): void {
  if (!mayConcern(event) || waiting.has(client)) return;
  waiting.add(client);
  setTimeout(() => {
    waiting.delete(client);
    void client.invalidateQueries({ queryKey: ['inbox'] });
  }, delayMs);
}
