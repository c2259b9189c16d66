import type { Page } from 'playwright-core';
import type { Person } from './product.ts';

/** Fills in and sends the sign-in page that is in view. */
export async function signIn(page: Page, { user, password }: Person): Promise<void> {
  await page.getByLabel('Email').fill(user.email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
