import { type Continuation, taskRecur } from '@taskflow/domain';
import { type AnyJobHandler, handleJob } from '@taskflow/jobs';

/** Makes the next tasks of those that repeat. A run that is broken off or done twice makes none twice. */
export const createTaskRecurHandler = ({ recurrences }: { readonly recurrences: Continuation }): AnyJobHandler =>
  handleJob(taskRecur, async (_, { signal }) => ({ repeated: await recurrences.continueAll(signal) }));
