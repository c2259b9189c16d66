import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const COMPRESSED = new Set(['.html', '.js', '.css', '.json', '.webmanifest', '.svg', '.txt']);
const MIN_COMPRESSED_BYTES = 1024;

/** Headers of every page and file. What the web app may load is said once, here. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'self'",
    "script-src 'self'",
    // The component library sets style attributes and one style element.
    "style-src 'self' 'unsafe-inline'",
    // Pictures in descriptions and comments may come from anywhere that is encrypted.
    "img-src 'self' data: https:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

interface LoadedFile {
  readonly changedAtMs: number;
  readonly contentType: string;
  readonly etag: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer | undefined;
}

/** Answers requests for the files of the web app. */
export type StaticHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Serves a built web app: hashed assets for ever, everything else revalidated, and the one page for every path that
 * is no file, because the app does its own routing. Files are read once and kept while they do not change.
 */
export function createStaticHandler(directory: string): StaticHandler {
  const root = path.resolve(directory);
  const cache = new Map<string, LoadedFile>();

  const load = async (file: string): Promise<LoadedFile | undefined> => {
    const info = await stat(file).catch(() => undefined);
    if (info === undefined || !info.isFile()) {
      return undefined;
    }
    const cached = cache.get(file);
    if (cached?.changedAtMs === info.mtimeMs) {
      return cached;
    }
    const loaded = await read(file, info.mtimeMs);
    cache.set(file, loaded);
    return loaded;
  };

  return async (request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
      response.setHeader(name, value);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return plainAnswer(response, 405, 'Method not allowed');
    }
    const pathname = safePathname(request.url ?? '/');
    if (pathname === undefined) {
      return plainAnswer(response, 400, 'Bad request');
    }
    const isAsset = pathname.startsWith('/assets/');
    const file = isHidden(pathname) ? undefined : await load(path.join(root, pathname));
    if (file !== undefined) {
      return send(request, response, file, isAsset);
    }
    // A missing asset answered with the page would be taken for a script or kept for ever.
    if (isAsset || path.extname(pathname) !== '') {
      return plainAnswer(response, 404, 'Not found');
    }
    const page = await load(path.join(root, 'index.html'));
    return page === undefined
      ? plainAnswer(response, 503, 'The web app has not been built yet')
      : send(request, response, page, false);
  };
}

async function read(file: string, changedAtMs: number): Promise<LoadedFile> {
  const plain = await readFile(file);
  const extension = path.extname(file);
  const worthwhile = COMPRESSED.has(extension) && plain.length >= MIN_COMPRESSED_BYTES;
  return {
    changedAtMs,
    contentType: CONTENT_TYPES[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    plain,
    gzipped: worthwhile ? await compress(plain) : undefined,
  };
}

function send(request: IncomingMessage, response: ServerResponse, file: LoadedFile, immutable: boolean): void {
  const acceptsGzip = /\bgzip\b/.test(request.headers['accept-encoding']?.toString() ?? '');
  const body = acceptsGzip && file.gzipped !== undefined ? file.gzipped : file.plain;
  response.setHeader('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('ETag', file.etag);
  response.setHeader('Vary', 'Accept-Encoding');
  if (request.headers['if-none-match']?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === file.etag)) {
    response.writeHead(304).end();
    return;
  }
  response.setHeader('Content-Type', file.contentType);
  response.setHeader('Content-Length', body.length);
  if (body === file.gzipped) {
    response.setHeader('Content-Encoding', 'gzip');
  }
  response.writeHead(200).end(request.method === 'HEAD' ? undefined : body);
}

function plainAnswer(response: ServerResponse, status: number, text: string): void {
  response.setHeader('Cache-Control', 'no-store');
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

/** The path of a request, decoded, without a way out of the directory; undefined when it has none. */
function safePathname(url: string): string | undefined {
  try {
    const decoded = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '/');
    if (!decoded.startsWith('/') || decoded.includes('\0') || decoded.includes('\\')) {
      return undefined;
    }
    return path.posix.normalize(decoded);
  } catch {
    return undefined;
  }
}

/** Build notes such as `.vite/manifest.json` are not part of the app. */
function isHidden(pathname: string): boolean {
  return pathname.split('/').some((part) => part.startsWith('.'));
}
