/** Reads a small preference of this browser; storage may be forbidden, then there is none. */
export function readStored(name: string): string | undefined {
  try {
    return localStorage.getItem(`taskflow-${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a small preference of this browser, if it may. */
export function writeStored(name: string, value: string): void {
  try {
    localStorage.setItem(`taskflow-${name}`, value);
  } catch {
    // A preference that cannot be kept is not worth an error.
  }
}
