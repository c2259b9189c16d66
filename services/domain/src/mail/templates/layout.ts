import { unsubscribeLinkMark } from '../mail-draft.ts';

/** A line of a list that leads somewhere. */
export interface MailListItem {
  readonly title: string;
  readonly href: string;
  /** Said behind the title. */
  readonly note?: string;
}

/** A part of a mail; its texts are plain, whatever people wrote in them. */
export type MailBlock =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'button'; readonly label: string; readonly href: string }
  | { readonly kind: 'list'; readonly title: string; readonly items: readonly MailListItem[] };

/** What a mail says, in order. */
export interface MailContent {
  readonly title: string;
  readonly blocks: readonly MailBlock[];
  /** Why the person gets it, in small letters at the end. */
  readonly footer: string;
  /** Ends with the link that turns this kind of mail off. @default false */
  readonly canBeTurnedOff?: boolean;
}

const turnOff = 'Get no more mails like this';

/** Both forms of a mail from one description, so that they cannot say different things. */
export function renderMail(content: MailContent): { text: string; html: string } {
  return { text: textOf(content), html: htmlOf(content) };
}

function textOf({ title, blocks, footer, canBeTurnedOff = false }: MailContent): string {
  const parts = [title, ...blocks.map(blockAsText), `-- \n${footer}`];
  return `${parts.join('\n\n')}${canBeTurnedOff ? `\n${turnOff}: ${unsubscribeLinkMark}` : ''}\n`;
}

function blockAsText(block: MailBlock): string {
  switch (block.kind) {
    case 'paragraph':
      return block.text;
    case 'quote':
      return block.text.replaceAll(/^/gm, '> ');
    case 'button':
      return `${block.label}:\n${block.href}`;
    case 'list':
      return `${block.title}\n${block.items
        .map(({ title, note, href }) => `* ${title}${note === undefined ? '' : ` (${note})`}\n  ${href}`)
        .join('\n')}`;
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML shows it, in elements and in quoted attributes. */
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

const lines = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>');

/**
 * Colours stand on the elements, for readers that drop the style sheet; those for the dark stand in the sheet, for
 * readers that follow it.
 */
const style = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  body, .page { background: #16181d !important; }
  .card { background: #1f2229 !important; border-color: #343842 !important; }
  h1, p, li { color: #e6e8ec !important; }
  .quiet, .quiet a { color: #a3a9b5 !important; }
  blockquote { border-color: #4a505e !important; color: #c9cdd6 !important; }
  a.link { color: #9db4ff !important; }
}`;

const font = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const paragraph = `margin:0 0 16px;font-size:16px;line-height:1.5;color:#1f2328`;

function blockAsHtml(block: MailBlock): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p style="${paragraph}">${lines(block.text)}</p>`;
    case 'quote':
      return `<blockquote style="margin:0 0 16px;padding:0 0 0 12px;border-left:3px solid #c5cad3;font-size:16px;line-height:1.5;color:#4b5260">${lines(block.text)}</blockquote>`;
    case 'button':
      return `<p style="margin:0 0 16px"><a href="${escapeHtml(block.href)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#3b5bdb;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none">${escapeHtml(block.label)}</a></p>
<p class="quiet" style="margin:0 0 16px;font-size:13px;line-height:1.5;color:#5b6270;word-break:break-all">${escapeHtml(block.href)}</p>`;
    case 'list':
      return `<p style="${paragraph};margin-bottom:8px;font-weight:600">${escapeHtml(block.title)}</p>
<ul style="margin:0 0 16px;padding:0 0 0 20px">${block.items.map(itemAsHtml).join('')}</ul>`;
  }
}

const itemAsHtml = ({ title, href, note }: MailListItem): string =>
  `<li style="margin:0 0 6px;font-size:16px;line-height:1.5;color:#1f2328"><a class="link" href="${escapeHtml(href)}" style="color:#3451b2">${escapeHtml(title)}</a>${note === undefined ? '' : ` <span class="quiet" style="color:#5b6270">${escapeHtml(note)}</span>`}</li>`;

function htmlOf({ title, blocks, footer, canBeTurnedOff = false }: MailContent): string {
  const off = canBeTurnedOff ? `<br><a href="${unsubscribeLinkMark}" style="color:#5b6270">${turnOff}</a>` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${style}
</style>
</head>
<body style="margin:0;background:#f4f5f7;${font}">
<div class="page" style="background:#f4f5f7;padding:24px 12px">
<div class="card" style="max-width:560px;margin:0 auto;padding:28px;border:1px solid #dfe2e7;border-radius:8px;background:#ffffff">
<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3;color:#1f2328">${escapeHtml(title)}</h1>
${blocks.map(blockAsHtml).join('\n')}
</div>
<p class="quiet" style="max-width:560px;margin:16px auto 0;font-size:13px;line-height:1.5;color:#5b6270">${lines(footer)}${off}</p>
</div>
</body>
</html>
`;
}
