import type { Answer, Body, Params, Query, RouteKey } from '@taskflow/contract/api';
import type { FieldError, ProblemCode } from '@taskflow/contract/http';
import { ApiProblem } from './problem.ts';

const prefix = '/api/v1';
const deadlineMs = 20_000;
/** Files take as long as the line is slow. */
const fileDeadlineMs = 300_000;

type Field<Name extends string, Value> = [Value] extends [undefined]
  ? unknown
  : Record<never, never> extends Value
    ? { readonly [Key in Name]?: Value }
    : { readonly [Key in Name]: Value };

/** What a call to a route takes: its params, query and body as the contract says, and how to send it. */
export type CallOptions<Key extends RouteKey> = Field<'params', Params<Key>> &
  Field<'query', Query<Key>> &
  Field<'body', Body<Key>> &
  SendOptions;

interface SendOptions {
  /** The version that the change is based on; the API answers 412 when it is no longer the current one. */
  readonly ifMatch?: number;
  /** Makes a repeated write take effect once. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

interface LooseOptions extends SendOptions {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly file?: Blob;
}

/**
 * Calls a route of the API and answers its body (undefined with 204), typed by the contract. The contract is
 * imported as types only, so no schema is loaded; what the API answers is trusted, its tests hold it to the schema.
 *
 * @throws ApiProblem for every answer that is no success, and when there is no answer.
 */
export function call<Key extends RouteKey>(
  key: Key,
  ...[options]: Record<never, never> extends CallOptions<Key>
    ? [options?: CallOptions<Key>]
    : [options: CallOptions<Key>]
): Promise<Answer<Key>>;
export async function call(key: string, options: LooseOptions = {}): Promise<unknown> {
  return answerOf(key, options);
}

/** {@link call} for a route whose body is a file of any kind. */
export function callWithFile<Key extends RouteKey>(
  key: Key,
  options: CallOptions<Key> & { readonly file: Blob },
): Promise<Answer<Key>>;
export async function callWithFile(key: string, options: LooseOptions): Promise<unknown> {
  return answerOf(key, options);
}

async function answerOf(key: string, options: LooseOptions): Promise<unknown> {
  const space = key.indexOf(' ');
  const response = await send(key.slice(0, space), addressOf(key.slice(space + 1), options), options);
  // 204, and 202 where there is nothing to see yet
  if (response.ok && response.headers.get('content-type') === null) return undefined;
  const body = await readJson(response);
  if (!response.ok) throw problemOf(response, body);
  return body;
}

function addressOf(path: string, { params = {}, query = {} }: LooseOptions): string {
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return `${prefix}${filled}${text === '' ? '' : `?${text}`}`;
}

async function send(method: string, address: string, options: LooseOptions): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' });
  if (options.body !== undefined) headers.set('content-type', 'application/json');
  if (options.file !== undefined) headers.set('content-type', 'application/octet-stream');
  if (options.ifMatch !== undefined) headers.set('if-match', `"${options.ifMatch}"`);
  if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey);
  const deadline = AbortSignal.timeout(options.file === undefined ? deadlineMs : fileDeadlineMs);
  try {
    return await fetch(address, {
      method,
      headers,
      credentials: 'same-origin',
      signal: options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]),
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.file === undefined ? {} : { body: options.file }),
    });
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    const code = deadline.aborted ? 'timeout' : 'offline';
    throw new ApiProblem({ code, status: 0, title: code }, { cause: error });
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    const body: unknown = await response.json();
    return body;
  } catch (error) {
    throw new ApiProblem(
      {
        code: response.status === 502 || response.status === 504 ? 'unavailable' : 'unreadable',
        status: response.status,
        title: response.statusText,
        requestId: response.headers.get('x-request-id') ?? undefined,
        retryAfterSeconds: retryAfterOf(response),
      },
      { cause: error },
    );
  }
}

function problemOf(response: Response, body: unknown): ApiProblem {
  return new ApiProblem({
    code: isProblemBody(body) ? body.code : 'unreadable',
    status: response.status,
    title: isProblemBody(body) ? (body.detail ?? body.title) : response.statusText,
    errors: isProblemBody(body) ? (body.errors ?? []) : [],
    requestId: response.headers.get('x-request-id') ?? (isProblemBody(body) ? body.requestId : undefined),
    retryAfterSeconds: retryAfterOf(response),
  });
}

interface ProblemBody {
  readonly code: ProblemCode;
  readonly title: string;
  readonly detail?: string;
  readonly requestId?: string;
  readonly errors?: readonly FieldError[];
}

function isProblemBody(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'code' in body && 'title' in body;
}

function retryAfterOf(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : undefined;
}
