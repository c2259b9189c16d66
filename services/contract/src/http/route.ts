import type { z } from 'zod';

/** What an API token may do; a session may do all three. `admin` covers settings, people and tokens. */
export const tokenScopes = ['read', 'write', 'admin'] as const;
/** See {@link tokenScopes}. */
export type TokenScope = (typeof tokenScopes)[number];

/** One route of the API: everything that validation, types, the web client and OpenAPI need to know of it. */
export interface RouteContract {
  readonly summary: string;
  readonly tag: string;
  /** Who may call: anybody, or a caller with this token scope (sessions have every scope). */
  readonly auth: 'public' | TokenScope;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly success: {
    readonly status: 200 | 201 | 202 | 204;
    /** Absent where there is nothing to say, with pages and with streams. */
    readonly body?: z.ZodType;
    /** @default 'application/json' */
    readonly mediaType?: 'text/event-stream' | 'text/html' | 'application/octet-stream';
  };
  /** The answer carries an ETag; GET honours If-None-Match, PATCH and DELETE honour If-Match. @default false */
  readonly versioned?: boolean;
  /** The request or its answer holds a secret, so nothing is kept for an Idempotency-Key. @default false */
  readonly secret?: boolean;
}

/** Keeps the literal types of a table of routes, keyed by `METHOD /path` below `/api/v1`. */
export function defineRoutes<
  const Routes extends Record<`${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`, RouteContract>,
>(routes: Routes): Routes {
  return routes;
}
