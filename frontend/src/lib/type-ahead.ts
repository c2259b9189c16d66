let typed = '';

/** Keeps the letters that are typed while a dialog is still loading. @returns stops keeping. */
export function catchTyping(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    typed += event.key;
  };
  typed = '';
  addEventListener('keydown', onKeyDown, { capture: true });
  return () => removeEventListener('keydown', onKeyDown, { capture: true });
}

/** The letters that were typed meanwhile, for the dialog's first field. */
export function takeTyped(): string {
  const text = typed;
  typed = '';
  return text;
}
