import type { Options } from '@node-rs/argon2';

/** What the thread is asked to do. Passwords are text: what is bytes in one place is bytes in all. */
export type HashingTask = { readonly id: number; readonly password: string } & (
  | { readonly kind: 'hash'; readonly cost: Options }
  | { readonly kind: 'verify'; readonly encoded: string }
);

/** What it answers: a hash, whether a password is the right one, or why neither could be told. */
export type HashingAnswer =
  | { readonly id: number; readonly result: string | boolean }
  | { readonly id: number; readonly error: unknown };
