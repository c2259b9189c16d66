import { type Endpoint, read } from '../http/endpoint.ts';
import { createOpenApiDocument, type DocumentOptions } from './document.ts';

/** The document of the API, made when first asked for and kept as text. */
export function openApiEndpoints(options: DocumentOptions): Endpoint[] {
  let body: string | undefined;
  return [
    read('GET /openapi.json', 'public', async () => {
      body ??= JSON.stringify(createOpenApiDocument(options));
      return { status: 200, body };
    }),
  ];
}
