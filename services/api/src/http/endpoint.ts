import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { RouteKey, routes } from '@taskflow/contract/api';
import type {
  CallerAccess,
  CommentAccess,
  Credential,
  DeliveryAccess,
  DocumentPage,
  IdempotentWrite,
  ProjectAccess,
  Reading,
  TaskAccess,
  UnitOfWork,
  WebhookAccess,
  WorkspaceAccess,
} from '@taskflow/domain';
import type { z } from 'zod';
import type { Reply } from './reply.ts';

type Routes = typeof routes;
type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What `{id}` in a path names, and so what is known of the caller when the handler runs. */
interface AccessByTarget {
  public: undefined;
  caller: CallerAccess;
  workspace: WorkspaceAccess;
  'deleted-workspace': WorkspaceAccess;
  project: ProjectAccess;
  'deleted-project': ProjectAccess;
  task: TaskAccess;
  'deleted-task': TaskAccess;
  comment: CommentAccess;
  'deleted-comment': CommentAccess;
  webhook: WebhookAccess;
  delivery: DeliveryAccess;
}
/** See {@link AccessByTarget}. */
export type Target = keyof AccessByTarget;

/** Limits that an endpoint may have beside the general ones. */
export type SpecialLimit = 'login' | 'register' | 'forgot';

/** What every handler may know of the request. */
interface RequestFacts {
  /** The version that If-Match names. */
  readonly ifMatch: number | undefined;
  readonly ip: string;
  readonly userAgent: string;
  readonly credential: Credential | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** What a handler is given: parsed by the contract, resolved to what the caller sees. */
export interface EndpointRequest<Key extends RouteKey, On extends Target> extends RequestFacts {
  readonly params: Routes[Key] extends { params: infer Schema } ? Parsed<Schema> : undefined;
  readonly query: Routes[Key] extends { query: infer Schema } ? Parsed<Schema> : undefined;
  readonly body: Routes[Key] extends { body: infer Schema } ? Parsed<Schema> : undefined;
  readonly access: AccessByTarget[On];
}

/** What a handler of any endpoint is given, before its own types are known. */
export interface AnyRequest extends RequestFacts {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly access: (CallerAccess & Partial<Pick<WorkspaceAccess, 'workspace'>>) | undefined;
}

interface EndpointBase {
  readonly key: RouteKey;
  readonly target: Target;
  readonly limit?: SpecialLimit;
}

/** A handler behind a route. Handlers are methods here so that each keeps the types of its own route. */
export type Endpoint =
  | (EndpointBase & { readonly kind: 'read'; handle(request: AnyRequest): Promise<Reply> })
  | (EndpointBase & {
      readonly kind: 'list';
      readonly target: 'project';
      reading(request: Pick<AnyRequest, 'params' | 'query'>): Reading<DocumentPage>;
    })
  | (EndpointBase & { readonly kind: 'write'; handle(request: AnyRequest & { unit: UnitOfWork }): Promise<Reply> })
  | (EndpointBase & {
      readonly kind: 'act';
      handle(request: AnyRequest & { idempotency: IdempotentWrite | undefined }): Promise<Reply>;
    })
  | (EndpointBase & {
      readonly kind: 'stream';
      handle(request: AnyRequest & { incoming: IncomingMessage; response: ServerResponse }): Promise<void>;
    });

/** An endpoint that changes nothing. */
export function read<Key extends RouteKey, On extends Target>(
  key: Key,
  target: On,
  handle: (request: EndpointRequest<Key, On>) => Promise<Reply>,
): Endpoint {
  return { kind: 'read', key, target, handle };
}

/**
 * An endpoint that changes nothing, and is asked for so often that what it reads is read in the same statement as the
 * rights to it. `reading` only says what that is.
 */
export function list<Key extends RouteKey>(
  key: Key,
  target: 'project',
  reading: (request: Pick<EndpointRequest<Key, 'project'>, 'params' | 'query'>) => Reading<DocumentPage>,
): Endpoint {
  return { kind: 'list', key, target, reading };
}

/** An endpoint that runs in one unit of work, which also keeps the answer for the caller's Idempotency-Key. */
export function write<Key extends RouteKey, On extends Target>(
  key: Key,
  target: On,
  handle: (request: EndpointRequest<Key, On> & { readonly unit: UnitOfWork }) => Promise<Reply>,
): Endpoint {
  return { kind: 'write', key, target, handle };
}

/** An endpoint that opens its transactions itself; it keeps the answer for `idempotency`, where that is given. */
export function act<Key extends RouteKey, On extends Target>(
  key: Key,
  target: On,
  handle: (request: EndpointRequest<Key, On> & { readonly idempotency: IdempotentWrite | undefined }) => Promise<Reply>,
  options: { readonly limit?: SpecialLimit } = {},
): Endpoint {
  return { kind: 'act', key, target, handle, ...options };
}

/** An endpoint that takes the response over and writes to it as long as it likes. */
export function stream<Key extends RouteKey, On extends Target>(
  key: Key,
  target: On,
  handle: (
    request: EndpointRequest<Key, On> & { readonly incoming: IncomingMessage; readonly response: ServerResponse },
  ) => Promise<void>,
): Endpoint {
  return { kind: 'stream', key, target, handle };
}
