import { apiPrefix, type RouteKey, routes } from '@taskflow/contract/api';
import { type ProblemCode, problemCodes, type RouteContract } from '@taskflow/contract/http';
import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiParameters,
  type ZodOpenApiPathItemObject,
  type ZodOpenApiResponseObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { splitKey } from '../http/router.ts';
import { headers, parameters, schemas, securitySchemes } from './components.ts';
import { problemsOf } from './route-problems.ts';

/** A document of OpenAPI 3.1. */
export type OpenApiDocument = ReturnType<typeof createDocument>;

/** What the document says about the instance that answers it. */
export interface DocumentOptions {
  readonly version: string;
  /** The name of the session cookie. */
  readonly cookieName: string;
}

type Parameter = NonNullable<ZodOpenApiOperationObject['parameters']>[number];

const ref = (kind: 'headers' | 'parameters' | 'responses', name: string) => ({ $ref: `#/components/${kind}/${name}` });

const description = `
Everything that TaskFlow does, for programs. The web app uses this very API.

- **Signing in**: browsers by a session cookie, programs by a personal token (\`Authorization: Bearer tf_...\`).
- **Errors** are problem documents (RFC 9457) with a stable \`code\`; what you may not see is answered like what does not exist.
- **Lists** are answered as \`{items, nextCursor}\`; hand \`nextCursor\` back as \`cursor\`.
- **Changes at the same time**: send the ETag that you have as \`If-Match\`, and a stale version is refused with 412.
- **Repeating**: send an \`Idempotency-Key\` with a write, and it happens once however often you send it.
`.trim();

/** The table of routes as a document. Takes some 50 ms, so it is made when first asked for. */
export function createOpenApiDocument({ version, cookieName }: DocumentOptions): OpenApiDocument {
  const paths: Record<string, ZodOpenApiPathItemObject> = {};
  const responses: Record<string, ZodOpenApiResponseObject> = {};
  const keys = Object.keys(routes).filter(isRouteKey);
  for (const key of keys) {
    const { method, path } = splitKey(key);
    const contract: RouteContract = routes[key];
    const item = (paths[path] ??= {});
    item[lowerCase(method)] = operation(key, method, contract, responses);
  }
  return createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'TaskFlow',
        version,
        description,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: apiPrefix }],
      tags: [...new Set(keys.map((key) => routes[key].tag))].map((name) => ({ name })),
      security: [],
      paths,
      components: { schemas, headers, parameters, responses, securitySchemes: securitySchemes(cookieName) },
    },
    { override: ({ jsonSchema }) => dropNoise(jsonSchema) },
  );
}

const isRouteKey = (key: string): key is RouteKey => Object.hasOwn(routes, key);

type Method = ReturnType<typeof splitKey>['method'];

const lowerCases = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;
const lowerCase = (method: Method) => lowerCases[method];

function operation(
  key: RouteKey,
  method: Method,
  contract: RouteContract,
  responses: Record<string, ZodOpenApiResponseObject>,
): ZodOpenApiOperationObject {
  const { auth, body, summary, tag } = contract;
  return {
    operationId: operationId(key),
    summary,
    tags: [tag],
    security: auth === 'public' ? [] : [{ session: [] }, { token: [auth] }],
    requestParams: requestParameters(contract),
    parameters: headerParameters(key, method, contract),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: { ...successes(key, method, contract), ...failures(problemsOf(key, method, contract), responses) },
  };
}

/** `GET /tasks/{id}/comments` becomes `getTasksByIdComments`. */
function operationId(key: RouteKey): string {
  const { method, path } = splitKey(key);
  const words = path.replace(/\{(\w+)\}/g, 'by/$1').split(/\W+/);
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

/** A text that is split at its commas is an array to the outside. */
function asSent(schema: z.ZodType): z.ZodType {
  const inner: unknown = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  return inner instanceof z.ZodPipe && inner.out instanceof z.ZodArray
    ? inner.out.optional().meta({ param: { style: 'form', explode: false } })
    : schema;
}

function requestParameters({ params, query }: RouteContract): ZodOpenApiParameters {
  const fields = Object.entries(query?.shape ?? {}).map(([name, schema]: [string, z.ZodType]) => [
    name,
    asSent(schema),
  ]);
  return {
    ...(params === undefined ? {} : { path: params }),
    ...(query === undefined ? {} : { query: z.object(Object.fromEntries(fields)) }),
  };
}

function headerParameters(key: RouteKey, method: Method, contract: RouteContract): Parameter[] {
  const isWrite = method !== 'GET';
  const names: string[] = [];
  if (isWrite && contract.auth !== 'public' && contract.secret !== true) {
    names.push('IdempotencyKey');
  }
  if (contract.versioned === true && !isWrite) {
    names.push('IfNoneMatch');
  }
  if (problemsOf(key, method, contract).includes('stale_version')) {
    names.push('IfMatch');
  }
  if (contract.success.mediaType === 'text/event-stream') {
    names.push('LastEventId');
  }
  return names.map((name) => ref('parameters', name));
}

function successes(key: RouteKey, method: Method, contract: RouteContract): ZodOpenApiResponsesObject {
  const { body, mediaType, status } = contract.success;
  const hasETag = contract.versioned === true && body !== undefined;
  const names = [
    'X-Request-Id',
    ...(hasETag ? ['ETag'] : []),
    ...(status === 201 && contract.auth !== 'public' ? ['Location'] : []),
    ...(key.includes(' /auth/') ? ['Set-Cookie'] : []),
  ];
  const content =
    mediaType === undefined
      ? body && { 'application/json': { schema: body } }
      : { [mediaType]: { schema: contentSchemas[mediaType] } };
  return {
    [`${status}`]: {
      description: {
        200: 'Done',
        201: 'Created',
        202: 'Accepted; it will be done',
        204: 'Done; there is nothing to say',
      }[status],
      headers: headersOf(names),
      ...(content === undefined ? {} : { content }),
    },
    ...(hasETag && method === 'GET'
      ? { '304': { description: 'You have the current version', headers: headersOf(['X-Request-Id', 'ETag']) } }
      : {}),
  };
}

const eventStream = {
  type: 'string',
  description:
    'Server-sent events. `message` carries a LiveEvent, its `id` is the number of the activity; `ready` and `resync` carry a LivePosition, `end` a LiveEnd.',
} as const;

const htmlPage = { type: 'string', description: 'A page for people.' } as const;
const file = { type: 'string', format: 'binary', description: 'A file of any type, to be saved.' } as const;
const contentSchemas = { 'text/event-stream': eventStream, 'text/html': htmlPage, 'application/octet-stream': file };

const headersOf = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, ref('headers', name)]));

/** One answer for each status; those of other routes with the same problems are shared. */
function failures(
  codes: readonly ProblemCode[],
  responses: Record<string, ZodOpenApiResponseObject>,
): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(codes, (code) => problemCodes[code].status);
  const answers: ZodOpenApiResponsesObject = {};
  for (const [status, ofStatus] of [...byStatus].toSorted(([a], [b]) => a - b)) {
    const name = [status, ...ofStatus].join('.');
    responses[name] ??= problemResponse(ofStatus);
    answers[`${status}`] = ref('responses', name);
  }
  return answers;
}

function problemResponse(codes: readonly ProblemCode[]): ZodOpenApiResponseObject {
  const mayRetry = codes.some((code) => code === 'too_many_requests' || code === 'unavailable');
  return {
    description: codes.map((code) => `\`${code}\`: ${problemCodes[code].title}`).join('; '),
    headers: headersOf(mayRetry ? ['X-Request-Id', 'Retry-After'] : ['X-Request-Id']),
    content: { 'application/problem+json': { schema: schemas.Problem } },
  };
}

const formats = new Set(['date-time', 'email', 'uuid']);

/** Patterns that only spell out a format, and bounds that every number has. */
function dropNoise(schema: { format?: string; pattern?: string; maximum?: number }): void {
  if (schema.format !== undefined && formats.has(schema.format)) {
    delete schema.pattern;
  }
  if (schema.maximum === Number.MAX_SAFE_INTEGER) {
    delete schema.maximum;
  }
}
