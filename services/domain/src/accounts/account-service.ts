import { readUser } from './account-repository.ts';
import type { AccountService, AccountServiceOptions } from './account-types.ts';
import { login } from './login.ts';
import { changePassword, updateMe } from './profile.ts';
import { forgotPassword, resetPassword } from './recovery.ts';
import { register } from './register.ts';
import { resendVerification, verifyEmail } from './verification.ts';

/** See {@link AccountService}. */
export const createAccountService = (options: AccountServiceOptions): AccountService => ({
  register: (input, origin) => register(options, input, origin),
  login: (input, origin) => login(options, input, origin),
  me: ({ caller }) => readUser(options.units.database, caller.userId),
  updateMe,
  changePassword: (access, input) => changePassword(options, access, input),
  verifyEmail: (unit, token) => verifyEmail(unit, options, token),
  resendVerification: (unit, access) => resendVerification(unit, options, access),
  forgotPassword: (input) => forgotPassword(options, input),
  resetPassword: (input) => resetPassword(options, input),
});
