import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../../embedded/index.ts';
import { startWebServer, type WebServer } from './web-server.ts';

const SCRIPT = `console.log(${JSON.stringify('x'.repeat(2000))});`;

let directory: string;
let api: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let web: WebServer;
let base: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'taskflow-web-'));
  await mkdir(path.join(directory, 'assets'));
  await mkdir(path.join(directory, '.vite'));
  await writeFile(path.join(directory, 'index.html'), '<!doctype html><title>TaskFlow</title>');
  await writeFile(path.join(directory, 'assets', 'main-a1b2.js'), SCRIPT);
  await writeFile(path.join(directory, '.vite', 'manifest.json'), '{}');
  answer = (_request, response) => response.end('ok');
  api = createServer((request, response) => answer(request, response));
  const apiPort = await findFreePort();
  api.listen(apiPort, '127.0.0.1');
  await once(api, 'listening');
  web = await startWebServer({ port: 0, apiPort, staticDirectory: directory });
  base = `http://127.0.0.1:${web.port}`;
});

afterEach(async () => {
  await web.close();
  api.closeAllConnections();
  api.close();
  await rm(directory, { recursive: true, force: true });
});

describe('files', () => {
  it('lets hashed assets be kept for ever and the page be asked for again', async () => {
    const asset = await fetch(`${base}/assets/main-a1b2.js`);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-encoding')).toBe('gzip');
    await expect(asset.text()).resolves.toBe(SCRIPT);
    const page = await fetch(base);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const again = await fetch(base, { headers: { 'If-None-Match': page.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });

  it('answers every path of the app with the page, and a missing file with 404', async () => {
    await expect((await fetch(`${base}/w/acme/board`)).text()).resolves.toContain('TaskFlow');
    expect((await fetch(`${base}/assets/gone-ffff.js`)).status).toBe(404);
    expect((await fetch(`${base}/favicon.ico`)).status).toBe(404);
  });

  it('sends the security headers with all of them', async () => {
    for (const place of ['/', '/assets/main-a1b2.js', '/assets/gone.js']) {
      const { headers } = await fetch(`${base}${place}`);
      expect(headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('shows nothing outside its folder and no hidden files', async () => {
    await writeFile(path.join(directory, '..', 'outside.txt'), 'secret');
    for (const place of [
      '/../outside.txt',
      '/%2e%2e/outside.txt',
      '/..%2foutside.txt',
      '/.vite/manifest.json',
      '/%00',
    ]) {
      const { status, body } = await rawGet(place);
      expect([400, 404]).toContain(status);
      expect(body).not.toContain('secret');
    }
    await rm(path.join(directory, '..', 'outside.txt'));
  });

  it('refuses to be written to', async () => {
    const response = await fetch(base, { method: 'POST', body: 'x' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('the API behind it', () => {
  it('gets method, path, body and headers, and one more hop of the address', async () => {
    let seen = '';
    answer = (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const { host, 'x-forwarded-for': hops, 'x-forwarded-host': publicHost } = request.headers;
        seen = JSON.stringify({ method: request.method, url: request.url, body, hops, publicHost, host });
        response.writeHead(201, { Location: '/api/v1/x', 'Set-Cookie': ['a=1', 'b=2'] }).end('{}');
      });
    };
    const response = await fetch(`${base}/api/v1/x?y=1`, {
      method: 'POST',
      body: 'hello',
      headers: { 'X-Forwarded-For': '203.0.113.9' },
    });
    expect([response.status, response.headers.get('location')]).toEqual([201, '/api/v1/x']);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(JSON.parse(seen)).toEqual({
      method: 'POST',
      url: '/api/v1/x?y=1',
      body: 'hello',
      hops: '203.0.113.9, 127.0.0.1',
      publicHost: `127.0.0.1:${web.port}`,
      host: `127.0.0.1:${web.port}`,
    });
  });

  it('streams events as they come and notices when the visitor leaves', async () => {
    let stream: ServerResponse | undefined;
    answer = (_request, response) => {
      stream = response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.flushHeaders();
    };
    const leave = new AbortController();
    const response = await fetch(`${base}/api/v1/events`, { signal: leave.signal });
    const reader = response.body?.getReader();
    stream?.write('data: 1\n\n');
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: 1\n\n');
    const left = once(api, 'connection').catch(() => undefined);
    const closed = stream === undefined ? Promise.resolve() : once(stream, 'close');
    leave.abort();
    await closed;
    expect(stream?.destroyed).toBe(true);
    void left;
  });

  it('is a 503 problem with Retry-After while it is away, and is back by itself', async () => {
    const address = api.address();
    api.closeAllConnections();
    api.close();
    await once(api, 'close');
    const away = await fetch(`${base}/api/v1/me`);
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '1']);
    expect(away.headers.get('content-type')).toBe('application/problem+json');
    api.listen(address);
    await once(api, 'listening');
    expect((await fetch(`${base}/api/v1/me`)).status).toBe(200);
  });
});

function rawGet(place: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: web.port, path: place }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    }).on('error', reject);
  });
}
