import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { apiPrefix } from '@taskflow/contract/api';
import { type ProblemCode, problemCodes } from '@taskflow/contract/http';
import type { Context, Middleware } from 'koa';
import { problemHelp } from './problem-help.ts';

const root = '/api/docs';

/** Nothing but files of this very host; Swagger UI draws its icons as data images. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const start = `
window.ui = SwaggerUIBundle({
  url: '${apiPrefix}/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  filter: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
`;

const style = `
body { margin: 0; background: #fff; color: #1f2328; font-family: system-ui, sans-serif; line-height: 1.5; }
main { max-width: 42rem; margin: 0 auto; padding: 2rem 1rem; }
dt { margin-top: 1rem; font-weight: 600; }
dd { margin: 0; }
code { font-size: 0.95em; }
@media (prefers-color-scheme: dark) {
  body.text { background: #0d1117; color: #e6edf3; }
  body.text a { color: #79b8ff; }
}
`;

const page = (title: string, kind: 'docs' | 'text', body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="${root}/favicon.png">
${kind === 'docs' ? `<link rel="stylesheet" href="${root}/swagger-ui.css">\n` : ''}<link rel="stylesheet" href="${root}/docs.css">
</head>
<body class="${kind}">${body}</body>
</html>
`;

const browser = page(
  'TaskFlow API',
  'docs',
  `<div id="docs"></div><script src="${root}/swagger-ui.js"></script><script src="${root}/start.js"></script>`,
);

const heading = (code: ProblemCode): string => `<code>${code}</code> (${problemCodes[code].status})`;

const problemPage = (code: ProblemCode): string =>
  page(
    `${problemCodes[code].title} - TaskFlow API`,
    'text',
    `<main><h1>${problemCodes[code].title}</h1><p>${heading(code)}</p><p>${escapeHtml(problemHelp[code])}</p>
<p><a href="${root}/problems">All problems</a> · <a href="${root}">The API</a></p></main>`,
  );

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);

const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problemCodes, code);

const allCodes = Object.keys(problemCodes).filter(isProblemCode);

const problemList = page(
  'Problems - TaskFlow API',
  'text',
  `<main><h1>Problems</h1><dl>${allCodes
    .map(
      (code) =>
        `<dt><a href="${root}/problems/${code}">${heading(code)}</a></dt><dd>${problemCodes[code].title}. ${escapeHtml(problemHelp[code])}</dd>`,
    )
    .join('\n')}</dl><p><a href="${root}">The API</a></p></main>`,
);

const generated: Readonly<Record<string, { readonly type: string; readonly body: string }>> = {
  '': { type: 'text/html; charset=utf-8', body: browser },
  '/': { type: 'text/html; charset=utf-8', body: browser },
  '/problems': { type: 'text/html; charset=utf-8', body: problemList },
  '/start.js': { type: 'text/javascript; charset=utf-8', body: start },
  '/docs.css': { type: 'text/css; charset=utf-8', body: style },
};

const swaggerFiles: Readonly<Record<string, { readonly type: string; readonly file: string }>> = {
  '/swagger-ui.css': { type: 'text/css; charset=utf-8', file: 'swagger-ui.css' },
  '/swagger-ui.js': { type: 'text/javascript; charset=utf-8', file: 'swagger-ui-bundle.js' },
  '/favicon.png': { type: 'image/png', file: 'favicon-32x32.png' },
};

function answer(ctx: Context, type: string, body: string | Buffer): void {
  ctx.status = 200;
  ctx.set({
    'Content-Security-Policy': contentSecurityPolicy,
    'Cache-Control': 'no-cache',
    'Referrer-Policy': 'no-referrer',
  });
  ctx.type = type;
  ctx.body = body;
}

function answerProblem(ctx: Context, code: ProblemCode): void {
  ctx.vary('Accept');
  if (ctx.accepts('html', 'json') === 'json') {
    const { status, title } = problemCodes[code];
    answer(ctx, 'application/json', JSON.stringify({ code, status, title, detail: problemHelp[code] }));
  } else {
    answer(ctx, 'text/html; charset=utf-8', problemPage(code));
  }
}

/**
 * The documentation for people: the API to browse and try at `/api/docs`, and a page for the `type` of each problem.
 * Everything comes from this host, and no script stands in a page.
 */
export function createDocsPages(): Middleware {
  const folder = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return async (ctx, next) => {
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD';
    if (!isRead || (ctx.path !== root && !ctx.path.startsWith(`${root}/`))) {
      await next();
      return;
    }
    const rest = ctx.path.slice(root.length);
    const made = Object.hasOwn(generated, rest) ? generated[rest] : undefined;
    const stored = Object.hasOwn(swaggerFiles, rest) ? swaggerFiles[rest] : undefined;
    const code = rest.slice('/problems/'.length);
    if (made !== undefined) {
      answer(ctx, made.type, made.body);
    } else if (stored !== undefined) {
      answer(ctx, stored.type, await readFile(path.join(folder, stored.file)));
    } else if (rest.startsWith('/problems/') && isProblemCode(code)) {
      answerProblem(ctx, code);
    } else {
      await next();
    }
  };
}
