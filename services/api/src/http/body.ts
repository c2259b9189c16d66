import type { IncomingMessage } from 'node:http';
import { DomainError } from '@taskflow/domain';
import readRaw from 'raw-body';

const limitBytes = 1_048_576;
const noBytes = Buffer.alloc(0);

/** A body as it came, and what it says. */
export interface JsonBody {
  readonly bytes: Buffer;
  readonly json: unknown;
}

/**
 * Reads a JSON body of at most 1 MiB.
 *
 * @throws DomainError `unsupported_media_type`, `too_large`, or `malformed_request` when it is no JSON or no UTF-8
 */
export async function readJsonBody(request: IncomingMessage): Promise<JsonBody> {
  const bytes = await readBytes(request);
  if (bytes.length > 0 && !isJson(request.headers['content-type'])) {
    throw new DomainError('unsupported_media_type');
  }
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return { bytes, json };
  } catch (cause) {
    throw new DomainError('malformed_request', 'The body is not JSON in UTF-8', { cause });
  }
}

/** For routes that take no body. */
export const emptyBody: JsonBody = { bytes: noBytes, json: undefined };

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  try {
    return await readRaw(request, { length: request.headers['content-length'] ?? null, limit: limitBytes });
  } catch (cause) {
    const type = cause instanceof Error && 'type' in cause ? cause.type : undefined;
    if (type === 'entity.too.large') {
      throw new DomainError('too_large', 'A body may have 1 MiB', { cause });
    }
    throw new DomainError('malformed_request', 'The body did not arrive in full', { cause });
  }
}

function isJson(contentType: string | undefined): boolean {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return mediaType === 'application/json' || (mediaType.startsWith('application/') && mediaType.endsWith('+json'));
}
