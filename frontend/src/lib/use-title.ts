import { useEffect } from 'react';
import { t } from './messages/translate.ts';

/** Names the page in the browser's tab and history; what is opened over a page names it as long as it is open. */
export function useTitle(text: string | undefined): void {
  useEffect(() => {
    if (text === undefined) return undefined;
    const before = document.title;
    document.title = `${text} · ${t('app.name')}`;
    return () => {
      document.title = before;
    };
  }, [text]);
}
