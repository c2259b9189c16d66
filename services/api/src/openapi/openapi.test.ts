import type { Server } from 'node:http';
import { Validator } from '@seriousme/openapi-schema-validator';
import { apiPrefix, routes } from '@taskflow/contract/api';
import { problemCodes } from '@taskflow/contract/http';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocsPages } from './docs-pages.ts';
import { createOpenApiDocument } from './document.ts';
import { openApiEndpoints } from './routes.ts';

const document = createOpenApiDocument({ version: '1.2.3', cookieName: 'taskflow' });
const operation = (path: string, method: 'get' | 'post' | 'patch' | 'delete') => document.paths?.[path]?.[method];

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone({ ...document }));
    expect(result).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has every route of the contract and no other', () => {
    const methods = ['get', 'post', 'put', 'patch', 'delete'];
    const documented = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((method) => methods.includes(method))
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.toSorted()).toEqual(Object.keys(routes).toSorted());
    expect(document.servers).toEqual([{ url: apiPrefix }]);
  });

  it('is answered as it is, made once', async () => {
    const [endpoint] = openApiEndpoints({ version: '1.2.3', cookieName: 'taskflow' });
    const request = {
      params: undefined,
      query: undefined,
      body: undefined,
      access: undefined,
      credential: undefined,
      ifMatch: undefined,
      ip: '127.0.0.1',
      userAgent: '',
      headers: {},
    };
    const replies = endpoint?.kind === 'read' ? [await endpoint.handle(request), await endpoint.handle(request)] : [];
    expect(replies.map((reply) => reply.body)).toEqual([JSON.stringify(document), JSON.stringify(document)]);
  });

  it('names every operation once', () => {
    const ids = Object.values(document.paths ?? {}).flatMap((item) =>
      Object.values(item).flatMap((value: unknown) =>
        typeof value === 'object' && value !== null && 'operationId' in value ? [value.operationId] : [],
      ),
    );
    expect(ids).toHaveLength(Object.keys(routes).length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('points nowhere where nothing is', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    expect(references.length).toBeGreaterThan(100);
    for (const reference of new Set(references)) {
      const target = reference
        .split('/')
        .reduce<unknown>(
          (value, key) =>
            typeof value === 'object' && value !== null
              ? Object.entries(value).find(([name]) => name === key)?.[1]
              : undefined,
          document,
        );
      expect(target, reference).toBeDefined();
    }
  });

  it('tells lists in a query as they are sent: separated by commas', () => {
    expect(operation('/projects/{id}/tasks', 'get')?.parameters).toContainEqual({
      in: 'query',
      name: 'priority',
      style: 'form',
      explode: false,
      schema: {
        type: 'array',
        minItems: 1,
        maxItems: 50,
        items: { type: 'string', enum: ['none', 'low', 'medium', 'high', 'urgent'] },
      },
    });
  });

  it('tells who may call, what makes a write safe, and what may go wrong', () => {
    const change = operation('/tasks/{id}', 'patch');
    expect(change?.security).toEqual([{ session: [] }, { token: ['write'] }]);
    expect(change?.parameters).toEqual(
      expect.arrayContaining([
        { $ref: '#/components/parameters/IdempotencyKey' },
        { $ref: '#/components/parameters/IfMatch' },
      ]),
    );
    expect(Object.keys(change?.responses ?? {})).toEqual([
      '200',
      '400',
      '401',
      '403',
      '404',
      '409',
      '412',
      '413',
      '415',
      '422',
      '429',
      '503',
    ]);
    expect(operation('/auth/login', 'post')?.security).toEqual([]);
    expect(Object.keys(operation('/tasks/{id}', 'get')?.responses ?? {})).toContain('304');
  });

  it('tells of If-Match wherever a version is looked at, and nowhere else', () => {
    const ifMatch = { $ref: '#/components/parameters/IfMatch' };
    for (const [path, method] of [
      ['/tasks/{id}', 'patch'],
      ['/tasks/{id}/move', 'post'],
      ['/workspaces/{id}/restore', 'post'],
    ] as const) {
      expect(operation(path, method)?.parameters, path).toContainEqual(ifMatch);
      expect(operation(path, method)?.responses, path).toHaveProperty('412');
    }
    for (const path of ['/tasks/{id}/comments', '/tasks/{id}/restore']) {
      expect(operation(path, 'post')?.parameters, path).not.toContainEqual(ifMatch);
      expect(operation(path, 'post')?.responses, path).not.toHaveProperty('412');
    }
  });

  it('has a documented problem for every code', () => {
    const text = JSON.stringify(document.components?.responses);
    const undocumented = Object.keys(problemCodes).filter((code) => !text.includes(`\`${code}\``));
    // answered where no route is, and where something went wrong that nobody foresaw
    expect(undocumented).toEqual(['method_not_allowed', 'internal']);
  });
});

describe('the pages', () => {
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    const app = new Koa();
    app.use(createDocsPages());
    const { promise, resolve } = Promise.withResolvers<void>();
    server = app.listen(0, '127.0.0.1', resolve);
    await promise;
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });

  afterAll(() => void server.close());

  it('load nothing but files that are there, with no script or style inside', async () => {
    const response = await fetch(`${origin}/api/docs`);
    const html = await response.text();
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(html).not.toMatch(/<style|<script>|style=|onload|https?:/);
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file);
    expect(files).toHaveLength(5);
    for (const file of files) {
      const loaded = await fetch(`${origin}${file}`);
      expect(loaded.status, file).toBe(200);
      expect((await loaded.arrayBuffer()).byteLength, file).toBeGreaterThan(100);
    }
  });

  it('explain each problem to people and to programs', async () => {
    for (const [code, { status, title }] of Object.entries(problemCodes)) {
      const html = await (
        await fetch(`${origin}/api/docs/problems/${code}`, { headers: { Accept: 'text/html' } })
      ).text();
      expect(html).toContain(`<h1>${title}</h1>`);
      const json: unknown = await (
        await fetch(`${origin}/api/docs/problems/${code}`, { headers: { Accept: 'application/json' } })
      ).json();
      expect(json).toMatchObject({ code, status, title });
    }
    const list = await (await fetch(`${origin}/api/docs/problems`)).text();
    expect(list).toContain('stale_version');
  });

  it('leave everything else to others', async () => {
    for (const path of ['/api/docs/nothing', '/api/docs/problems/nothing', '/api/docs/../package.json', '/api/docsx']) {
      expect((await fetch(`${origin}${path}`)).status).toBe(404);
    }
    expect((await fetch(`${origin}/api/docs`, { method: 'POST' })).status).toBe(404);
  });
});
