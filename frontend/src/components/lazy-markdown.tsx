import { lazy, Suspense } from 'react';
import classes from './markdown.module.css';

const Markdown = lazy(async () => ({ default: (await import('./markdown.tsx')).Markdown }));

/** {@link Markdown}, loaded when the first text needs it; until then the plain text stands in its place. */
export function LazyMarkdown({ text }: { readonly text: string }) {
  return (
    <Suspense
      fallback={
        <div className={classes['prose']} style={{ whiteSpace: 'pre-wrap' }}>
          {text}
        </div>
      }
    >
      <Markdown text={text} />
    </Suspense>
  );
}
