import { type PasswordRecovery, passwordForgot, type UnitOfWorkRunner } from '@taskflow/domain';
import { type AnyJobHandler, handleJob } from '@taskflow/jobs';

/** Queues the mail of a forgotten password, if the address has an account. */
export function createPasswordForgotHandler(options: {
  readonly units: Pick<UnitOfWorkRunner, 'run'>;
  readonly recovery: PasswordRecovery;
}): AnyJobHandler {
  const { units, recovery } = options;
  return handleJob(passwordForgot, async ({ email }, job) => {
    await units.run(async (unit) => {
      await recovery.send(unit, email);
      await job.completeIn(unit);
    });
    return undefined;
  });
}
