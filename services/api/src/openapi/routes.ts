import { type Endpoint, read } from '../http/endpoint.ts';
import type { DocumentOptions } from './document.ts';

/** The document of the API. What it takes to make it is loaded when it is first asked for, and the text is kept. */
export function openApiEndpoints(options: DocumentOptions): Endpoint[] {
  let body: Promise<string> | undefined;
  async function make(): Promise<string> {
    const { createOpenApiDocument } = await import('./document.ts');
    return JSON.stringify(createOpenApiDocument(options));
  }
  return [
    read('GET /openapi.json', 'public', async () => {
      body ??= make();
      return { status: 200, body: await body };
    }),
  ];
}
