import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import classes from './markdown.module.css';

const components: Components = {
  // Links lead out of the app; what people paste is not to be trusted with it.
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noreferrer nofollow">
      {children}
    </a>
  ),
  // Pictures from elsewhere would tell that site who reads this, and the content security policy forbids them.
  img: ({ src, alt }) => (
    <a href={typeof src === 'string' ? src : undefined} target="_blank" rel="noreferrer nofollow">
      {alt === undefined || alt === '' ? src : alt}
    </a>
  ),
};
const plugins = [remarkGfm];

/** Markdown as people write it, with tables and task lists; HTML in it stays text. */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <div className={classes['prose']}>
      <ReactMarkdown remarkPlugins={plugins} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
}
