/** Puts text on the clipboard; false where the browser does not allow it (plain http), so that callers can say so. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
