import { AsyncLocalStorage } from 'node:async_hooks';
import type { TraceContext } from './trace-context.ts';

/** What is known about the request or job that is being worked on; logged with every line. */
export interface WorkContext {
  readonly requestId: string;
  readonly trace: TraceContext;
  userId?: string;
  workspaceId?: string;
  /** The route's pattern, never the path. */
  route?: string;
}

const storage = new AsyncLocalStorage<WorkContext>();

/** Runs `work`, and everything it starts, in a context. */
export function runInContext<Result>(context: WorkContext, work: () => Result): Result {
  return storage.run(context, work);
}

/** The context of the running request or job, `undefined` outside of one. Its open fields may be filled in. */
export function currentContext(): WorkContext | undefined {
  return storage.getStore();
}
