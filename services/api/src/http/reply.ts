import type { Document, DocumentPage } from '@taskflow/domain';

/** What an endpoint answers. */
export interface Reply {
  readonly status: 200 | 201 | 202 | 204;
  /** JSON, ready to be sent. */
  readonly body?: string;
  /** Without quotes. */
  readonly etag?: string;
  /** Below the API's prefix. */
  readonly location?: string;
  readonly cookie?: string;
}

/** A resource. */
export const ok = ({ json, etag }: Document): Reply => ({ status: 200, body: json, etag });

/** A resource that is new. @param location below the API's prefix */
export const created = ({ json, etag }: Document, location: string): Reply => ({
  status: 201,
  body: json,
  etag,
  location,
});

/** Nothing to say. */
export const noContent = (): Reply => ({ status: 204 });

/** Will be done; there is nothing to see yet. */
export const accepted = (): Reply => ({ status: 202 });

/** A page of a list. */
export const page = ({ items, nextCursor }: DocumentPage): Reply => ({
  status: 200,
  body: `{"items":${items},"nextCursor":${JSON.stringify(nextCursor)}}`,
});

/** Something that did not come from PostgreSQL as JSON. */
export const value = (body: unknown, status: 200 | 201 | 202 = 200): Reply => ({ status, body: JSON.stringify(body) });
