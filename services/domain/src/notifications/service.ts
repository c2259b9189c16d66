import type { Executor } from '@taskflow/db';
import type { CallerAccess } from '../access/access.ts';
import type { DocumentPage } from '../core/document.ts';
import { idPage, type PageQuery } from '../core/id-page.ts';
import type { UnitOfWork } from '../core/unit-of-work.ts';
import { countUnread, listThreads, markAllRead, markRead } from './repository.ts';

/** The inbox of a person, in every workspace. What they do not see any more is not there. */
export interface InboxService {
  /** Grouped by task, newest first. */
  list(access: CallerAccess, query: PageQuery & { readonly unread?: boolean | undefined }): Promise<DocumentPage>;
  /** In how many threads something is unread, 100 at most. @param from read here instead, inside of a unit */
  countUnread(access: CallerAccess, from?: Executor): Promise<number>;
  /** Marks notifications as read, each with what came before it in its thread. Those of others stay as they are. */
  read(unit: UnitOfWork, access: CallerAccess, ids: readonly string[]): Promise<void>;
  /** Marks everything as read. */
  readAll(unit: UnitOfWork, access: CallerAccess): Promise<void>;
}

/** Nobody reads a higher number. */
const mostCounted = 100;

/** Reads run on `executor`. */
export function createInboxService({ executor }: { executor: Executor }): InboxService {
  return {
    async list({ caller }, query) {
      const isUnread = query.unread === true;
      const page = idPage(query, ['inbox', caller.userId, String(isUnread)]);
      return page.toPage(await listThreads(executor, caller.userId, { ...page, isUnread }));
    },
    countUnread: ({ caller }, from = executor) => countUnread(from, caller.userId, mostCounted),
    read: (unit, { caller }, ids) => markRead(unit, caller.userId, ids),
    readAll: (unit, { caller }) => markAllRead(unit, caller.userId),
  };
}
